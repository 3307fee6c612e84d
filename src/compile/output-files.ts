import { copyFileSync, statSync } from 'node:fs';
import type { JobOutput } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { renameWithRetrySync } from '../util/atomic-file.ts';
import { statIfThere } from '../util/file-stat.ts';

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
 * Gives every output that is a hard link a file of its own, since cl writes into the file that is there: it would
 * write into the cache, and into the objects of every other folder that was served from it (clcache issue 282).
 */
export function separateLinks(outputs: readonly JobOutput[], trace: Trace): void {
  for (const { path } of outputs) {
    if ((statIfThere(path)?.nlink ?? 0) < 2) continue;
    const copy = `${path}.${process.pid}.clcache`;
    try {
      copyFileSync(path, copy);
      renameWithRetrySync(copy, path);
    } catch (error) {
      // The cache notices what was written through the link; the compile must go on.
      trace(() => `${path} stays a link: ${describeError(error)}`);
    }
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
