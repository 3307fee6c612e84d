import { constants, copyFileSync, type Stats, statSync, unlinkSync, utimesSync } from 'node:fs';
import type { JobOutput } from '../../commandline/compile-call.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import { removeIfPossible, renameWithRetrySync } from '../../util/atomic-file.ts';
import { realPath, statIfThere } from '../../util/file-stat.ts';
import { temporarySibling } from '../../util/random-name.ts';

/** The state of each output file before the compile. A file that the compiler did not touch is not its output. */
export type OutputSnapshot = ReadonlyMap<string, string>;

export function snapshotOutputs(outputs: readonly JobOutput[]): OutputSnapshot {
  return new Map(outputs.map(({ path }) => [path, signatureOf(path)]));
}

/**
 * Why the outputs of a compile must not be stored: an expected one is missing or unchanged (another version of the
 * compiler may name it differently), or an object is empty. Undefined if all outputs are as expected.
 */
export function problemWithOutputs(
  outputs: readonly JobOutput[],
  before: OutputSnapshot,
): string | undefined {
  for (const { role, path } of outputs) {
    const now = signatureOf(path);
    if (now === MISSING || now === before.get(path)) return `the compiler did not write ${path}`;
    if (role === 'object' && statSync(path).size === 0) return `${path} is empty`;
  }
  return undefined;
}

/**
 * Replaces every hard link among the files that the compiler may write with a copy. cl writes into an existing file,
 * and would change the cache and the objects of every other folder that was served from it (clcache issue 282).
 * Contents, rights and times stay.
 */
export function separateLinks(paths: readonly string[], trace: Trace): void {
  for (const path of paths) {
    const stat = statIfThere(path);
    if (!stat?.isFile() || stat.nlink < 2) continue;
    try {
      separate(realPath(path), stat);
    } catch (error) {
      trace(() => `${path} stays a hard link: ${describeError(error)}`);
    }
  }
}

function separate(path: string, { atime, mtime }: Stats): void {
  const copy = temporarySibling(path);
  try {
    copyFileSync(path, copy, constants.COPYFILE_EXCL);
    utimesSync(copy, atime, mtime);
    renameWithRetrySync(copy, path);
  } catch (error) {
    removeIfPossible(copy);
    // There is no room for a copy. Without the file, the compiler makes a new one, and changes no other folder's
    // object.
    unlinkSync(path);
    throw error;
  }
}

const MISSING = '';

/** A file whose status cannot be read (a link to itself, a foreign folder) cannot be stored anyway. */
function signatureOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : MISSING;
  } catch {
    return MISSING;
  }
}
