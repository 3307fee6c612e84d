import { copyFileSync, statSync } from 'node:fs';
import type { JobOutput } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { renameWithRetrySync } from '../util/atomic-file.ts';

/** What each output file was like before the compile: a file that the compiler left alone is not its output. */
export type OutputSnapshot = ReadonlyMap<string, string>;

export function snapshotOutputs(outputs: readonly JobOutput[]): OutputSnapshot {
  return new Map(outputs.map(({ path }) => [path, signatureOf(path)]));
}

/** The outputs that the compile has written, and whether the object is among them with something in it. */
export function writtenOutputs(
  outputs: readonly JobOutput[],
  before: OutputSnapshot,
): { readonly written: readonly JobOutput[]; readonly hasObject: boolean } {
  const written = outputs.filter(({ path }) => {
    const now = signatureOf(path);
    return now !== MISSING && now !== before.get(path);
  });
  const object = written.find(({ role }) => role === 'object');
  return { written, hasObject: object !== undefined && statSync(object.path).size > 0 };
}

/**
 * Gives every output that is a hard link a file of its own, since cl writes into the file that is there: it would
 * write into the cache, and into the objects of every other folder that was served from it (clcache issue 282).
 */
export function separateLinks(outputs: readonly JobOutput[], trace: Trace): void {
  for (const { path } of outputs) {
    if ((statSync(path, { throwIfNoEntry: false })?.nlink ?? 0) < 2) continue;
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

function signatureOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : MISSING;
}
