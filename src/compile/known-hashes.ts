import { fromPortablePath } from '../cache/base-directory.ts';
import { ABSENT, type FileState, PRESENT } from '../cache/manifest.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Digest } from '../hash/digest.ts';
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import type { Session } from './session.ts';

/** Before a manifest is checked: recalls the hashes of its files, unless this call has them all by now. */
export function recallHashes(session: Session, key: Digest, states: readonly FileState[]): boolean {
  if (!session.config.hashCache) return false;
  const { files } = pathsOf(session, states);
  if (files.every((path) => session.hasher.knows(path))) return false;
  session.hasher.recall(session.hashesFile(key));
  return true;
}

/**
 * Keeps the hashes of these files for the next call, if there is anything new in them. They are not counted in the
 * size of the cache: without a lock no count could be exact, and they go with their manifest.
 */
export function keepHashes(session: Session, key: Digest, states: readonly FileState[]): void {
  if (!session.config.hashCache) return;
  const { files, absent } = pathsOf(session, states);
  const text = session.hasher.worthKeeping(files, absent);
  if (text === undefined) return;
  try {
    writeFileAtomicSync(session.hashesFile(key), text);
  } catch (error) {
    session.trace(() => `hashes not kept: ${describeError(error)}`);
  }
}

function pathsOf({ roots }: Session, states: readonly FileState[]): { files: string[]; absent: string[] } {
  const files: string[] = [];
  const absent: string[] = [];
  for (const { path: portable, state } of states) {
    const path = fromPortablePath(roots, portable);
    if (path !== undefined && state !== PRESENT) (state === ABSENT ? absent : files).push(path);
  }
  return { files, absent };
}
