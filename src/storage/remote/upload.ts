import type { Manifest } from '../../cache/manifest.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import type { Digest } from '../../hash/digest.ts';
import { BoundedQueue } from '../../util/bounded-queue.ts';
import type { Layout } from '../local/layout.ts';
import { packEntry, type SendableEntry, sendableEntry } from './pack-entry.ts';
import type { RemoteLevel } from './remote-level.ts';
import { TimeoutError, within } from './time-limit.ts';

export interface Uploads {
  /** Where the entries are read from. */
  readonly layout: Layout;
  readonly remotes: Pick<
    RemoteLevel,
    'secret' | 'takesArtifact' | 'putArtifact' | 'dropArtifact' | 'addToManifest'
  >;
  readonly artifacts: readonly Digest[];
  /** By manifest key: the entries that are new. */
  readonly manifests: ReadonlyMap<Digest, Manifest>;
  /** For all of it, in milliseconds. */
  readonly limitMs: number;
  readonly trace: Trace;
}

/** Each holds an entry in memory. */
const AT_ONCE = 4;
/** In bytes. Larger entries go one at a time, and let smaller ones pass. */
const LARGE = 16 * 1024 * 1024;

/**
 * Sends entries, each artifact before the manifests that name it, the smallest first. Stops when the time is over: what
 * was not sent by then is dropped whole, and counted. Never rejects.
 */
export async function upload(uploads: Uploads): Promise<void> {
  const { remotes, trace, limitMs } = uploads;
  const end = performance.now() + limitMs;
  const unsent = new Set(uploads.artifacts);
  /** Gives way to timers and to what comes in. */
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() >= end) throw new TimeoutError('no time is left');
  };
  try {
    await within(limitMs, sendAll(uploads, unsent, pause), 'sending entries');
  } catch (error) {
    trace(() => `remote stores not filled: ${describeError(error)}`);
  }
  for (const key of unsent) remotes.dropArtifact(key);
}

async function sendAll(uploads: Uploads, unsent: Set<Digest>, pause: () => Promise<void>): Promise<void> {
  const { layout, remotes } = uploads;
  const queues = { small: new BoundedQueue(AT_ONCE), large: new BoundedQueue(1) };
  const entries = uploads.artifacts
    .filter((key) => remotes.takesArtifact(key))
    .flatMap((key) => sendableEntry(layout, key) ?? [])
    .sort((left, right) => left.size - right.size);
  const send = async (entry: SendableEntry) => {
    await pause();
    const envelope = await packEntry(layout, entry, remotes.secret, pause);
    if (!envelope) return;
    await remotes.putArtifact(entry.key, envelope);
    unsent.delete(entry.key);
  };
  const sendOrDrop = (entry: SendableEntry) =>
    send(entry).finally(() => {
      if (unsent.delete(entry.key)) remotes.dropArtifact(entry.key);
    });
  const sent = new Map(
    entries.map((entry) => [
      entry.key,
      (entry.size > LARGE ? queues.large : queues.small).run(() => sendOrDrop(entry)),
    ]),
  );
  const tell = async (key: Digest, added: Manifest) => {
    await Promise.allSettled(added.entries.map(({ artifact }) => sent.get(artifact)));
    await queues.small.run(async () => {
      await pause();
      await remotes.addToManifest(key, added);
    });
  };
  const all = [...sent.values(), ...Array.from(uploads.manifests, ([key, added]) => tell(key, added))];
  const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
