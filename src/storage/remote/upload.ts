import type { Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { BoundedQueue } from '../../util/bounded-queue.ts';
import type { Layout } from '../local/layout.ts';
import { readEntry } from '../local/read-entry.ts';
import { ARTIFACT_LIMIT } from './artifact-body.ts';
import type { RemoteLevel } from './remote-level.ts';
import { TimeoutError, within } from './time-limit.ts';

export interface Uploads {
  /** Where the entries are read from. */
  readonly layout: Layout;
  readonly remotes: Pick<RemoteLevel, 'putArtifact' | 'addToManifest'>;
  readonly artifacts: readonly Digest[];
  /** By manifest key: the entries that are new. */
  readonly manifests: ReadonlyMap<Digest, Manifest>;
  /** For all of it, in milliseconds. */
  readonly limitMs: number;
}

/** Each holds an entry in memory. */
const AT_ONCE = 4;

/** Sends entries: all artifacts, then the manifests that name them. Stops when the time is over, and never rejects. */
export async function upload(uploads: Uploads): Promise<void> {
  const { layout, remotes, artifacts, manifests, limitMs } = uploads;
  let isOver = false;
  const queue = new BoundedQueue(AT_ONCE);
  const send = (work: () => Promise<unknown>) => queue.run(async () => (isOver ? undefined : work()));
  const all = async () => {
    await Promise.all(
      artifacts.map((key) =>
        send(async () => {
          const files = readEntry(layout, key, ARTIFACT_LIMIT);
          if (files) await remotes.putArtifact(key, files);
        }),
      ),
    );
    await Promise.all(Array.from(manifests, ([key, added]) => send(() => remotes.addToManifest(key, added))));
  };
  try {
    await within(limitMs, all(), 'sending entries');
  } catch (error) {
    isOver = true;
    if (!(error instanceof TimeoutError)) throw error;
  }
}
