import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CompilerFamily } from '../commandline/compile-call.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { FileHasher } from '../hash/file-hasher.ts';
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import { asQuestion } from '../util/chain.ts';
import { realPath, statIfThere } from '../util/file-stat.ts';
import { isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { type Ask, kindOfProgram, type ProgramKind } from './family.ts';

/**
 * What is known of one compiler, learnt once and kept in the cache folder as `compilers/<name>.json`. A compiler is
 * more than its driver: `cl.exe` starts `c1.dll`, `c1xx.dll` and `c2.dll`, a dynamically linked clang-cl is nothing
 * without its libraries, and an update may change any of them alone. The record holds for as long as all of these
 * files have the size and time that they had.
 */
export interface CompilerRecord {
  readonly format: number;
  readonly family: ProgramKind;
  /** Major version of clang. */
  readonly clangVersion?: number;
  /** What it says of itself. */
  readonly versionText: string;
  /** The parts whose change makes another compiler. */
  readonly files: readonly CompilerFile[];
  /** Folders in which a part may appear. They are no part of the compiler, but a change means to ask again. */
  readonly folders: readonly CompilerFile[];
  /** A file from which clang-cl takes options of its own, whatever the command line is; there if there is one. */
  readonly configurationFile?: string;
}

/** The record of a compiler whose command line we know. */
export type KnownCompiler = CompilerRecord & { readonly family: CompilerFamily };

export function isKnownCompiler(record: CompilerRecord): record is KnownCompiler {
  return record.family === 'cl' || record.family === 'clang-cl';
}

interface CompilerFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Digest of the contents, once a check by content has asked for it. */
  readonly digest?: Digest;
}

export type CompilerCheck =
  | { readonly kind: 'mtime' }
  | { readonly kind: 'content' }
  | { readonly kind: 'string'; readonly value: string };

const FORMAT = 4;

/** Of the file, in bytes. */
const MAXIMUM_RECORD_SIZE = 1024 * 1024;

export interface CompilerLookup {
  /** Absolute path of the driver. */
  readonly compiler: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** The file that keeps the record of this driver; see `layout.ts`. */
  readonly recordFile: (name: string) => string;
  /** Whether the digests of the compiler's files are wanted. */
  readonly withContents: boolean;
}

/** The record of a compiler: from the cache folder while its files are as they were, else from the compiler itself. */
export async function lookUpCompiler(lookup: CompilerLookup): Promise<CompilerRecord> {
  const recordFile = lookup.recordFile(digestOfParts(['compiler', lookup.compiler]));
  const known = readRecord(recordFile);
  // The name may be a link that was turned to another compiler, while the files of the first are as they were.
  const isCurrent =
    known?.files[0]?.path === realPath(lookup.compiler) &&
    [...known.files, ...known.folders].every(isUnchanged);
  if (known && isCurrent && !(lookup.withContents && known.files.some(({ digest }) => !digest))) return known;
  const asked = known && isCurrent ? known : await askCompiler(lookup);
  const record = lookup.withContents ? { ...asked, files: asked.files.map(withDigest) } : asked;
  try {
    writeFileAtomicSync(recordFile, stableStringify(record));
  } catch {
    // A cache folder that cannot be written: the next call asks again.
  }
  return record;
}

/** The compiler's part of a key, by the chosen check. */
export function compilerIdentity(record: CompilerRecord, check: CompilerCheck): string {
  switch (check.kind) {
    case 'mtime':
      return digestOfParts([
        'mtime',
        record.family,
        record.versionText,
        ...record.files.flatMap((file) => [basename(file.path), String(file.size), String(file.mtimeMs)]),
      ]);
    case 'content':
      return digestOfParts([
        'content',
        record.family,
        ...record.files.flatMap((file) => [basename(file.path), withDigest(file).digest ?? '']),
      ]);
    case 'string':
      return digestOfParts(['string', record.family, check.value]);
  }
}

function withDigest(file: CompilerFile): CompilerFile {
  const digest = file.digest ?? new FileHasher().digest(file.path);
  return digest === undefined ? file : { ...file, digest };
}

function readRecord(file: string): CompilerRecord | undefined {
  let json: unknown;
  try {
    json = readJsonFile(file, MAXIMUM_RECORD_SIZE);
  } catch {
    return undefined;
  }
  const record = json as Partial<CompilerRecord> | undefined;
  const isFileList = (list: unknown) =>
    Array.isArray(list) && list.every((one) => isJsonObject(one) && typeof one['path'] === 'string');
  const isWhole =
    record?.format === FORMAT &&
    isFileList(record.files) &&
    isFileList(record.folders) &&
    typeof record.versionText === 'string';
  return isWhole ? (record as CompilerRecord) : undefined;
}

function isUnchanged(file: CompilerFile): boolean {
  const stat = statIfThere(file.path);
  return (
    stat !== undefined &&
    stat.size === file.size &&
    stat.mtimeMs === file.mtimeMs &&
    stat.ctimeMs === file.ctimeMs
  );
}

async function askCompiler(lookup: CompilerLookup): Promise<CompilerRecord> {
  const { compiler } = lookup;
  const ask = await questioner(lookup);
  // cl does not know the option, warns, and prints its banner all the same.
  const { text } = await ask('--version');
  const clang = /\bclang version (\d+)/.exec(text);
  const configurationFile = clang ? configurationFileOf(compiler, text) : undefined;
  return {
    format: FORMAT,
    family: await kindOfProgram(compiler, text, ask),
    ...(clang ? { clangVersion: Number(clang[1]) } : {}),
    versionText: clang ? text : (text.split(/\r?\n/)[0] ?? ''),
    files: filesOf(compiler).map(statFile),
    folders: foldersOf(compiler).map(statFile),
    ...(configurationFile === undefined ? {} : { configurationFile }),
  };
}

async function questioner({ compiler, workingDirectory, environment }: CompilerLookup): Promise<Ask> {
  const { runCompiler } = await import('./run.ts');
  const call = { compiler, workingDirectory, environment: asQuestion(environment) };
  return async (argument) => {
    const { status, stdout, stderr } = await runCompiler({ ...call, arguments: [argument] });
    return { status, text: Buffer.concat([stdout, stderr]).toString('latin1') };
  };
}

/** The passes of cl, its messages, the shared libraries that hold all of a dynamically linked clang, and its options. */
const PARTS_BESIDE =
  /^(?:(?:c1|c1xx|c1xxast|c2|clui|mspdbcore|mspdbst|LLVM.*|libLLVM.*|libclang.*)\.dll|.+\.cfg)$/i;
const PARTS_IN_LIB = /^(?:libclang-cpp|libLLVM).*\.(?:so|dylib)/;
/** What sanitizers leave out unless told otherwise: `asan_ignorelist.txt`, before clang 13 `asan_blacklist.txt`. */
const SANITIZER_LIST = /list\.txt$/;
/** By clang 16's rules for a default target of Windows; others are told by `--version`. */
const DEFAULT_CONFIGURATION = /^(?:(?:.+-)?clang-cl|.+-windows-msvc[\d.]*)\.cfg$/;
const FIRST_WITH_DEFAULT_CONFIGURATION = 16;

interface Places {
  readonly beside: string;
  readonly libraries: string;
  /** Where clang's own lists are, or may come to be: a folder for each version below `lib/clang`. */
  readonly resources: readonly string[];
}

function placesOf(compiler: string): Places {
  const beside = dirname(realPath(compiler));
  const libraries = join(beside, '..', 'lib');
  const versions = join(libraries, 'clang');
  const resources = namesIn(versions).map((name) => {
    const share = join(versions, name, 'share');
    return isFolder(share) ? share : join(versions, name);
  });
  return { beside, libraries, resources };
}

function foldersOf(compiler: string): string[] {
  const { beside, libraries, resources } = placesOf(compiler);
  return [beside, libraries, ...resources].filter(isFolder);
}

function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}

function filesOf(compiler: string): string[] {
  const { beside, libraries, resources } = placesOf(compiler);
  const files = [realPath(compiler)];
  for (const name of namesIn(beside)) {
    if (PARTS_BESIDE.test(name)) files.push(join(beside, name));
    // The language files of cl: `1033\clui.dll`.
    if (/^\d{4}$/.test(name)) files.push(join(beside, name, 'clui.dll'));
  }
  for (const name of namesIn(libraries)) if (PARTS_IN_LIB.test(name)) files.push(join(libraries, name));
  for (const folder of resources) {
    for (const name of namesIn(folder)) if (SANITIZER_LIST.test(name)) files.push(join(folder, name));
  }
  return files.filter((file) => statIfThere(file)?.isFile());
}

function configurationFileOf(compiler: string, versionText: string): string | undefined {
  const named = /^Configuration file: (.+)$/m.exec(versionText)?.[1]?.trim();
  if (named !== undefined) return named;
  const version = Number(/\bclang version (\d+)/.exec(versionText)?.[1]);
  if (version < FIRST_WITH_DEFAULT_CONFIGURATION) return undefined;
  const { beside } = placesOf(compiler);
  const name = namesIn(beside).find((one) => DEFAULT_CONFIGURATION.test(one));
  return name === undefined ? undefined : join(beside, name);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function statFile(path: string): CompilerFile {
  const { size, mtimeMs, ctimeMs } = statSync(path);
  return { path, size, mtimeMs, ctimeMs };
}
