import { fromPortablePath } from '../../cache/base-directory.ts';
import { ABSENT, type FileState, type ManifestEntry, NO_FILE, PRESENT } from '../../cache/manifest.ts';
import { describeError } from '../../diagnostics/errors.ts';
import { signatureOf } from '../../files/signature.ts';
import type { Witness } from '../../hash/client.ts';
import type { Digest } from '../../hash/digest.ts';
import type { Session } from '../session.ts';
import { absoluteWatched } from './searches-hold.ts';

/** Fewer files are read faster than the server answers. */
const FEWEST_FILES = 16;

/** Loads the remembered hashes of a manifest's files before the manifest is checked, unless this call has them all. */
export function recallHashes(
  session: Pick<Session, 'tree' | 'files'>,
  key: Digest,
  states: readonly FileState[],
): boolean {
  const { keyRecords } = session.files;
  if (!keyRecords) return false;
  const isKnown = ({ path: portable, state }: FileState) => {
    if (state === ABSENT || state === PRESENT || state === NO_FILE) return true;
    const path = fromPortablePath(session.tree.roots, portable);
    return path === undefined || session.files.memory.knows(path);
  };
  if (states.every(isKnown)) return false;
  session.files.memory.recall(keyRecords.fileOf(key));
  return true;
}

/** Asks the hash server for the files of a manifest that would have to be read. Without its answer they are read. */
export async function askHashServer(
  session: Pick<Session, 'tree' | 'files'>,
  source: Witness,
  states: readonly FileState[],
): Promise<void> {
  const unread = session.files.memory.unread(pathsOf(session, states).files);
  if (!session.files.hashServer || unread.size < FEWEST_FILES) return;
  const asked = Array.from(unread, ([path, stat]) => ({ path, signature: signatureOf(stat) }));
  const digests = await session.files.hashServer.ask(asked, source);
  if (!digests) return;
  for (const [index, [path, stat]] of [...unread].entries()) {
    const digest = digests[index];
    if (digest !== undefined) session.files.memory.learn(path, stat, { digest });
  }
}

/**
 * Stores the hashes of these files for the next call, if any of them is new. They are removed with their manifest, and
 * counted with it.
 */
export async function keepHashes(
  session: Pick<Session, 'tree' | 'files' | 'log'>,
  key: Digest,
  { states, searches }: Pick<ManifestEntry, 'states' | 'searches'>,
): Promise<void> {
  const { keyRecords } = session.files;
  if (!keyRecords) return;
  const searched = searches && {
    id: searches.id,
    folders: absoluteWatched(session.tree.roots, searches).map(({ path }) => path),
  };
  const text = session.files.memory.worthKeeping({ ...pathsOf(session, states), searched });
  if (text === undefined) return;
  try {
    await keyRecords.keep(key, text);
  } catch (error) {
    session.log.trace(() => `hashes not remembered: ${describeError(error)}`);
  }
}

function pathsOf(
  { tree }: Pick<Session, 'tree'>,
  states: readonly FileState[],
): { files: string[]; absent: string[] } {
  const files: string[] = [];
  const absent: string[] = [];
  for (const { path: portable, state } of states) {
    const path = fromPortablePath(tree.roots, portable);
    if (path === undefined || state === PRESENT || state === NO_FILE) continue;
    (state === ABSENT ? absent : files).push(path);
  }
  return { files, absent };
}
