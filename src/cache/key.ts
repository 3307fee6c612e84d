import type { EnvironmentPart, KeyPart } from '../commandline/compile-call.ts';
import type { Language } from '../commandline/languages.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { FORMATS } from '../util/formats.ts';
import { folderSeparator } from '../util/paths.ts';
import { type TreeRoots, toPortableSpelling } from './base-directory.ts';
import { ABSENT, type FileState, NO_FILE } from './manifest.ts';

const FORMAT = String(FORMATS.key);

/** Everything that a key is made from, except the contents of headers. */
export interface KeyMaterial {
  readonly roots: TreeRoots;
  /** Identifies the compiler with all its parts (driver, passes, version). */
  readonly compilerIdentity: string;
  readonly language: Language;
  /** The source as the command line spells it: diagnostics and `__FILE__` repeat the spelling. */
  readonly source: string;
  readonly options: readonly KeyPart[];
  /** Says whether include notes are part of the output that a hit prints. */
  readonly showIncludes: string;
  /** The variables that can change an output. Values that are lists of folders are marked as such. */
  readonly environment: readonly EnvironmentPart[];
  /**
   * True if debug information holds the command line. Then options that only shape the preprocessed text count as well.
   */
  readonly recordsCommandLine?: boolean;
  /** The files that options name, with the digest of their contents ('' if a file is missing). */
  readonly inputFiles: readonly { readonly path: string; readonly digest: string }[];
}

/** The parts of a manifest key in order. The digest is made from them, and the log shows them for comparison. */
export function manifestKeyParts(material: KeyMaterial, sourceDigest: Digest): string[] {
  return [
    'manifest',
    FORMAT,
    ...commonParts(material, material.options, material.environment),
    // The contents of the source. The entries of the manifest hold those of the headers.
    sourceDigest,
  ];
}

/** What the parts of a manifest key say, with paths in the form that keys have. */
export interface ManifestKeyParts {
  readonly format: string;
  readonly compilerIdentity: string;
  readonly language: string;
  readonly source: string;
  readonly showIncludes: string;
  readonly options: readonly { readonly text: string; readonly path: string }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly inputFiles: readonly { readonly path: string; readonly digest: string }[];
  readonly sourceDigest: string;
}

/** Reads the parts that `manifestKeyParts` made. Undefined for any other list. */
export function readManifestKeyParts(parts: readonly string[]): ManifestKeyParts | undefined {
  const [title, format = '', compilerIdentity = '', language = '', source = '', showIncludes = ''] = parts;
  let at = 6;
  const pairs = (count: number) =>
    Array.from({ length: count }, () => {
      const [first = '', second = ''] = parts.slice(at, at + 2);
      at += 2;
      return [first, second] as const;
    });
  const counted = () => pairs(Math.min(Number(parts[at++]), parts.length));
  const options = counted().map(([text, path]) => ({ text, path }));
  const environment = counted().map(([name, value]) => ({ name, value }));
  const rest = parts.length - 1 - at;
  if (title !== 'manifest' || rest < 0 || rest % 2 !== 0) return undefined;
  const inputFiles = pairs(rest / 2).map(([path, digest]) => ({ path, digest }));
  const sourceDigest = parts.at(-1) ?? '';
  return {
    format,
    compilerIdentity,
    language,
    source,
    showIncludes,
    options,
    environment,
    inputFiles,
    sourceDigest,
  };
}

/** The parts of a key in preprocessor mode. Options that only shape the preprocessed text are left out. */
export function preprocessedKeyParts(material: KeyMaterial, textDigest: Digest): string[] {
  const { recordsCommandLine = false } = material;
  const options = material.options.filter((option) => recordsCommandLine || !option.preprocessorOnly);
  const environment = material.environment.filter((one) => recordsCommandLine || !one.isFolderList);
  return ['preprocessed', FORMAT, ...commonParts(material, options, environment), textDigest];
}

/** Which calls may get an artifact, other than the one that made it. */
export interface Audience {
  /** Set if the artifact is bound to one tree: the digest of that tree. */
  readonly binding?: Digest | undefined;
  /** Set if the artifact has diagnostics: the look of the terminal that they were made for. */
  readonly view?: string | undefined;
}

/**
 * The key of an artifact: the manifest key, the state of every file that was found, and the calls that may get it. What
 * was not there is left out: with the same files found, the compiler has read the same text.
 */
export function artifactKey(
  key: Digest,
  states: readonly FileState[],
  { binding, view, aliases = [] }: Audience & { readonly aliases?: readonly string[] } = {},
): Digest {
  const parts = ['artifact', FORMAT, key, binding ?? '', view === undefined ? 'quiet' : `as ${view}`];
  parts.push(String(aliases.length), ...aliases);
  for (const { path, state } of states) {
    if (state !== ABSENT && state !== NO_FILE) parts.push(path, state);
  }
  return digestOfParts(parts);
}

function commonParts(
  material: KeyMaterial,
  options: readonly KeyPart[],
  environment: readonly EnvironmentPart[],
): string[] {
  const { roots } = material;
  const parts = [material.compilerIdentity, material.language, toPortableSpelling(roots, material.source)];
  parts.push(material.showIncludes, String(options.length));
  for (const { text, path } of options) {
    parts.push(text, path === undefined ? '' : toPortableSpelling(roots, path));
  }
  parts.push(String(environment.length));
  for (const { name, value, isFolderList } of environment) {
    parts.push(name, isFolderList ? portableFolders(roots, value) : value);
  }
  for (const { path, digest } of material.inputFiles) parts.push(toPortableSpelling(roots, path), digest);
  return parts;
}

function portableFolders(roots: TreeRoots, value: string): string {
  const folders = value.split(folderSeparator(roots.style));
  // An empty entry stays empty: clang takes it for the working folder in `CPATH` and the like.
  return folders.map((folder) => (folder === '' ? '' : toPortableSpelling(roots, folder))).join(';');
}
