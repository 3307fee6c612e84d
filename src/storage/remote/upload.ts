import type { Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { runPool } from '../../util/pool.ts';
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
  const all = async () => {
    await runPool(
      AT_ONCE,
      artifacts.map((key) => async () => {
        const files = readEntry(layout, key, ARTIFACT_LIMIT);
        if (files) await remotes.putArtifact(key, files);
      }),
      () => isOver,
    );
    await runPool(
      AT_ONCE,
      [...manifests].map(
        ([key, added]) =>
          () =>
            remotes.addToManifest(key, added),
      ),
      () => isOver,
    );
  };
  try {
    await within(limitMs, all(), 'sending entries');
  } catch (error) {
    isOver = true;
    if (!(error instanceof TimeoutError)) throw error;
  }
}
