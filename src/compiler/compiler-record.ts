import type { CompilerFamily } from '../commandline/compile-call.ts';
import type { Digest } from '../hash/digest.ts';
import { realPath, statIfThere } from '../util/file-stat.ts';
import { isJsonObject } from '../util/json.ts';
import type { ProgramKind } from './family.ts';
import type { Answers } from './remembered-answer.ts';

/**
 * What is known of one compiler, learnt once and kept in the cache folder as `compilers/<name>.json`. A compiler is
 * more than its driver: `cl.exe` starts `c1.dll`, `c1xx.dll` and `c2.dll`, a dynamically linked clang-cl is nothing
 * without its libraries, and an update may change any of them alone. The record holds for as long as all of these
 * files have the size, the times and the identity that they had.
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
  /** There if it only starts a compiler: a script, or a program that stands under its name. */
  readonly isWrapper?: true;
  /** There if what it starts for a compile is a clcache, which finds a compiler in its own ways. */
  readonly leadsToClcache?: true;
  /** What clang is made to start by a wrapper. */
  readonly commandLine?: string;
}

/** The record of a compiler whose command line we know. */
export type KnownCompiler = CompilerRecord & { readonly family: CompilerFamily };

export function isKnownCompiler(record: CompilerRecord): record is KnownCompiler {
  return record.family === 'cl' || record.family === 'clang-cl';
}

export interface CompilerFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  /** Digest of the contents, once a check by content has asked for it. */
  readonly digest?: Digest;
}

export const RECORD_FORMAT = 6;

export interface CompilerLookup {
  /** Absolute path of the driver. */
  readonly compiler: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Where the record of this driver is kept. */
  readonly answers: Answers;
  /** Whether the digests of the compiler's files are wanted. */
  readonly withContents: boolean;
}

/** What the cache folder has under this name of a compiler that is as it was. */
export function currentRecord(lookup: CompilerLookup, name: string): CompilerRecord | undefined {
  const known = recordIn(lookup.answers.read(name));
  // The name may be a link that was turned to another compiler, while the files of the first are as they were.
  const isCurrent =
    known?.files[0]?.path === realPath(lookup.compiler) &&
    [...known.files, ...known.folders].every(isUnchanged);
  return isCurrent ? known : undefined;
}

/** True when digests are wanted that a record lacks. */
export function isIncomplete({ withContents }: CompilerLookup, { files }: CompilerRecord): boolean {
  return withContents && files.some(({ digest }) => !digest);
}

/** Whether a file is the one that was recorded. */
export function isUnchanged(file: CompilerFile): boolean {
  const stat = statIfThere(file.path);
  return (
    stat !== undefined &&
    stat.size === file.size &&
    stat.mtimeMs === file.mtimeMs &&
    stat.ctimeMs === file.ctimeMs &&
    stat.ino === file.inode
  );
}

function recordIn(json: unknown): CompilerRecord | undefined {
  const record = json as Partial<CompilerRecord> | undefined;
  const isFileList = (list: unknown) =>
    Array.isArray(list) && list.every((one) => isJsonObject(one) && typeof one['path'] === 'string');
  const isWhole =
    record?.format === RECORD_FORMAT &&
    isFileList(record.files) &&
    isFileList(record.folders) &&
    typeof record.versionText === 'string';
  return isWhole ? (record as CompilerRecord) : undefined;
}
