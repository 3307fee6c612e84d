import type { Manifest } from '../../cache/manifest.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import type { Digest } from '../../hash/digest.ts';
import { BoundedQueue } from '../../util/bounded-queue.ts';
import { TimeoutError, within } from '../../util/time-limit.ts';
import type { Layout } from '../local/layout.ts';
import { packEntry, type SendableEntry, sendableEntry } from '../wire/pack-entry.ts';
import { LARGEST_WHOLE } from '../wire/part-list.ts';
import type { RemoteLevel } from './remote-level.ts';

export interface Uploads {
  /** Where the entries are read from. */
  readonly layout: Layout;
  readonly remotes: Pick<
    RemoteLevel,
    'sealing' | 'takesArtifact' | 'putArtifact' | 'putPart' | 'putPartList' | 'dropArtifact' | 'addToManifest'
  >;
  readonly artifacts: readonly Digest[];
  /** The new entries by manifest key. */
  readonly manifests: ReadonlyMap<Digest, Manifest>;
  /** The limit for everything together, in milliseconds. */
  readonly limitMs: number;
  /** The time on the clock that the limit is measured with, in milliseconds. By default the process's own. */
  readonly now?: () => number;
  readonly trace: Trace;
}

/** How many small entries are sent at once. */
const AT_ONCE = 4;
/** In bytes. Larger entries are sent one after the other, after all smaller ones, because a connection may be slow. */
const LARGE = 256 * 1024;

/**
 * Sends entries, the smallest first, and each artifact before the manifests that name it. Stops when the time is over.
 * What was not sent completely by then is dropped and counted. Never rejects.
 */
export async function upload(uploads: Uploads): Promise<void> {
  const { remotes, trace, limitMs, now = () => performance.now() } = uploads;
  const end = now() + limitMs;
  const unsent = new Set(uploads.artifacts);
  /** Lets timers and incoming data run. */
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (now() >= end) throw new TimeoutError('no time is left');
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
  const send = async (entry: SendableEntry) => {
    await pause();
    if (entry.size > LARGEST_WHOLE) {
      const { sendInParts } = await import('./upload-parts.ts');
      if (await sendInParts(uploads, entry, pause)) unsent.delete(entry.key);
      return;
    }
    const envelope = await packEntry(layout, entry, remotes.sealing, pause);
    if (!envelope) return;
    await remotes.putArtifact(entry.key, envelope);
    unsent.delete(entry.key);
  };
  const entries = uploads.artifacts
    .filter((key) => remotes.takesArtifact(key))
    .flatMap((key) => sendableEntry(layout, key) ?? [])
    .sort((left, right) => left.size - right.size);
  const sendable = new Set(entries.map(({ key }) => key));
  for (const key of uploads.artifacts)
    if (!sendable.has(key) && unsent.delete(key)) remotes.dropArtifact(key);
  const untold = new Map(uploads.manifests);
  /** Sends entries, then the manifests that wait for no other entry. One that fails does not affect the others. */
  const sendBatch = async (batch: readonly SendableEntry[], later: readonly SendableEntry[]) => {
    const queue = new BoundedQueue(AT_ONCE);
    const sent = await Promise.allSettled(batch.map((entry) => queue.run(() => send(entry))));
    for (const { key } of batch) if (unsent.delete(key)) remotes.dropArtifact(key);
    const awaited = new Set(later.map(({ key }) => key));
    const ready = [...untold].filter(
      ([, { entries: added }]) => !added.some((one) => awaited.has(one.artifact)),
    );
    const told = ready.map(([key, added]) => {
      untold.delete(key);
      return queue.run(() => remotes.addToManifest(key, added));
    });
    const failed = [...sent, ...(await Promise.allSettled(told))].find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') uploads.trace(() => `not sent: ${describeError(failed.reason)}`);
    await pause();
  };
  const small = entries.filter(({ size }) => size <= LARGE);
  const large = entries.slice(small.length);
  await sendBatch(small, large);
  for (const [index, entry] of large.entries()) await sendBatch([entry], large.slice(index + 1));
}
