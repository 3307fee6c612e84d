import { statSync } from 'node:fs';
import type { JobOutput } from '../commandline/compile-call.ts';

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

const MISSING = '';

function signatureOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : MISSING;
}
