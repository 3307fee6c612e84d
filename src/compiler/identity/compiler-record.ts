import { type CompilerFamily, isFamily } from '../../commandline/family.ts';
import type { Digest } from '../../hash/digest.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { FORMATS } from '../../util/formats.ts';
import { isJsonObject, stableStringify } from '../../util/json.ts';
import type { Answers } from '../answers/remembered-answer.ts';
import type { ProgramKind } from './program-kind.ts';

/**
 * What is known of one compiler, learnt once and stored in the cache folder as `compilers/<name>.json`. A compiler is
 * more than its driver: `cl.exe` starts `c1.dll`, `c1xx.dll` and `c2.dll`, a dynamically linked clang-cl needs its
 * libraries, and an update may change any of them alone. The record is valid while all of these files keep their size,
 * times and identity.
 */
export interface CompilerRecord {
  readonly format: number;
  readonly family: ProgramKind;
  /** The major version of clang. */
  readonly clangVersion?: number;
  /** The target that the name of the driver begins with. */
  readonly namedTarget?: string;
  /** What the compiler prints about its version. */
  readonly versionText: string;
  /** The parts of the compiler. If one changes, it is another compiler. */
  readonly files: readonly CompilerFile[];
  /** Folders in which a part may appear, and lists that name parts. If one changes, the compiler is asked again. */
  readonly folders: readonly CompilerFile[];
  /** Where the system's loader found nothing. If there is something now, the compiler is asked again. */
  readonly absent: readonly string[];
  /** Set if other parts may be loaded in another working folder than this one. */
  readonly onlyIn?: string;
  /** Set if there is a file from which clang-cl takes options by itself. */
  readonly configurationFile?: string;
  /** Set if it only starts a compiler: a script, or a program under a compiler's name. */
  readonly isWrapper?: true;
  /** Set if it starts a clcache to compile, which finds a compiler by itself. */
  readonly leadsToClcache?: true;
  /** The arguments that a wrapper makes clang pass to the compiler proper. */
  readonly commandLine?: string;
}

/** The record of a compiler with a known command line. */
export type KnownCompiler = CompilerRecord & { readonly family: CompilerFamily };

export function isKnownCompiler(record: CompilerRecord): record is KnownCompiler {
  return isFamily(record.family);
}

export interface CompilerFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  /** The digest of the contents. Set once a check by content has asked for it. */
  readonly digest?: Digest;
}

export interface CompilerLookup {
  /** The absolute path of the driver. */
  readonly compiler: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Where the record of this driver is stored. */
  readonly answers: Answers;
  /** True if the digests of the compiler's files are needed. */
  readonly withContents: boolean;
  /** Whether they may be found later: nothing is stored that they could help to find. Asked only if they are missing. */
  readonly hashesLater?: () => boolean;
}

/** The record in the cache folder, if the compiler has not changed since. */
export function currentRecord(lookup: CompilerLookup, name: string): CompilerRecord | undefined {
  const known = recordIn(lookup.answers.read(name));
  return known && isCurrent(lookup, known) ? known : undefined;
}

/** Whether everything that a record depends on is as it was before the compiler was asked. */
export function isCurrent(
  { compiler, workingDirectory }: Pick<CompilerLookup, 'compiler' | 'workingDirectory'>,
  { files, folders, absent, onlyIn }: CompilerRecord,
): boolean {
  // The name may be a link that now leads to another compiler, while the files of the first one are unchanged.
  return (
    (onlyIn === undefined || onlyIn === workingDirectory) &&
    files[0]?.path === realPath(compiler) &&
    isUntouched([...files, ...folders], absent)
  );
}

/** Whether these files and folders are as they were, and nothing is in places that were empty. */
export function isUntouched(present: readonly CompilerFile[], absent: readonly string[]): boolean {
  return present.every(isUnchanged) && absent.every((path) => statIfThere(path) === undefined);
}

/** Whether two records say the same of a compiler, apart from digests, which may be known of one only. */
export function isSameCompiler(one: CompilerRecord, other: CompilerRecord): boolean {
  const [a, b] = [one, other].map(({ files, folders, absent, onlyIn, ...said }) =>
    stableStringify({ ...said, files: files.map(({ digest, ...file }) => file) }),
  );
  return a === b;
}

/** True if digests are needed that the record lacks, and not only later. A wrapper's are needed at once. */
export function needsDigestsNow(lookup: CompilerLookup, record: CompilerRecord): boolean {
  const { withContents, hashesLater } = lookup;
  return withContents && !hasAllDigests(record) && (record.isWrapper === true || hashesLater?.() !== true);
}

export function hasAllDigests({ files }: Pick<CompilerRecord, 'files'>): boolean {
  return files.every(({ digest }) => digest !== undefined);
}

/** Whether a file is unchanged since it was recorded. */
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
    record?.format === FORMATS.compilerRecord &&
    isFileList(record.files) &&
    isFileList(record.folders) &&
    Array.isArray(record.absent) &&
    record.absent.every((path) => typeof path === 'string') &&
    typeof record.versionText === 'string';
  return isWhole ? (record as CompilerRecord) : undefined;
}
