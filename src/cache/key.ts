import type { EnvironmentPart, KeyPart } from '../commandline/compile-call.ts';
import type { Language } from '../commandline/languages.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { type TreeRoots, toPortableSpelling } from './base-directory.ts';
import type { FileState } from './manifest.ts';

/** Raised whenever what a key is made of changes, or what an entry must say, so that no old one serves a new program. */
const FORMAT = '7';

/** All that a key is made from, beside the contents of headers. */
export interface KeyMaterial {
  readonly roots: TreeRoots;
  /** Which compiler, in all its parts (driver, passes, version). */
  readonly compilerIdentity: string;
  readonly language: Language;
  /** The source as spelled on the command line: diagnostics and `__FILE__` repeat the spelling. */
  readonly source: string;
  readonly options: readonly KeyPart[];
  /** Whether include notes are part of what is replayed. */
  readonly showIncludes: string;
  /** Variables that can change an output, name and value. Values that are lists of folders are given as such. */
  readonly environment: readonly EnvironmentPart[];
  /** True where debug information holds the command line: then an option that only shapes the text counts all the same. */
  readonly recordsCommandLine?: boolean;
  /** Files that options name, with the digest of their content ('' when missing). */
  readonly inputFiles: readonly { readonly path: string; readonly digest: string }[];
}

/** The parts of a manifest key in order, for the digest and, under CLCACHE_LOG, for a person who compares two of them. */
export function manifestKeyParts(material: KeyMaterial, sourceDigest: Digest): string[] {
  return [
    'manifest',
    FORMAT,
    ...commonParts(material, material.options, material.environment),
    // The content of the source; that of the headers is what the manifest's entries are about.
    sourceDigest,
  ];
}

/** The parts of a key that is made from preprocessed text: what only shapes that text is left out. */
export function preprocessedKeyParts(material: KeyMaterial, textDigest: Digest): string[] {
  const { recordsCommandLine = false } = material;
  const options = material.options.filter((option) => recordsCommandLine || !option.preprocessorOnly);
  const environment = material.environment.filter((one) => recordsCommandLine || !one.isFolderList);
  return ['preprocessed', FORMAT, ...commonParts(material, options, environment), textDigest];
}

/** To whom an artifact may be given, beside the call that made it. */
export interface Audience {
  /** There when it is bound to one tree: the digest of that tree. */
  readonly binding?: Digest | undefined;
  /** There when it has diagnostics: how they look. */
  readonly view?: string | undefined;
}

/** Names an artifact: the manifest key, what every file was like, and to whom it may be given. */
export function artifactKey(
  key: Digest,
  states: readonly FileState[],
  { binding, view }: Audience = {},
): Digest {
  const parts = ['artifact', FORMAT, key, binding ?? '', view === undefined ? 'quiet' : `as ${view}`];
  for (const { path, state } of states) parts.push(path, state);
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
  const separator = roots.style === 'win32' ? ';' : /[;:]/;
  const folders = value.split(separator);
  // An empty place stays one: clang takes it for the working folder in CPATH and its like.
  return folders.map((folder) => (folder === '' ? '' : toPortableSpelling(roots, folder))).join(';');
}
