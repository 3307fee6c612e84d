import { constants, copyFileSync, type Stats, statSync, unlinkSync, utimesSync } from 'node:fs';
import type { JobOutput } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { removeIfPossible, renameWithRetrySync } from '../util/atomic-file.ts';
import { realPath, statIfThere } from '../util/file-stat.ts';
import { temporarySibling } from '../util/random-name.ts';

/** What each output file was like before the compile: a file that the compiler left alone is not its output. */
export type OutputSnapshot = ReadonlyMap<string, string>;

export function snapshotOutputs(outputs: readonly JobOutput[]): OutputSnapshot {
  return new Map(outputs.map(({ path }) => [path, signatureOf(path)]));
}

/**
 * Why what a compile wrote may not be stored: an output that we foretold is not there or is as it was before (another
 * version of the compiler may name it differently), or an empty object. Undefined when all is as foretold.
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
 * Gives every file that is a hard link and may be written to a file of its own, since cl writes into the file that is
 * there: it would write into the cache, and into the objects of every other folder that was served from it (clcache
 * issue 282). To the compiler it is the file that it was: its contents, rights and time stay.
 */
export function separateLinks(paths: readonly string[], trace: Trace): void {
  for (const path of paths) {
    const stat = statIfThere(path);
    if (!stat?.isFile() || stat.nlink < 2) continue;
    try {
      separate(realPath(path), stat);
    } catch (error) {
      trace(() => `${path} stays a link: ${describeError(error)}`);
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
    // No room for a copy: the compiler makes the file anew, which is better than that it changes those of others.
    unlinkSync(path);
    throw error;
  }
}

const MISSING = '';

/** What cannot be looked at (a link to itself, a folder that is not ours) is nothing that we could store. */
function signatureOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : MISSING;
  } catch {
    return MISSING;
  }
}
