/** Asks one server of a shared store, and stores a small value there, within the times that the store is given. */
import { describeError } from '../diagnostics/errors.ts';
import { digestOfParts } from '../hash/digest.ts';
import { randomDigits } from '../runtime/random.ts';
import type { RemoteAddress } from '../storage/remote/address.ts';
import { loadRemote } from '../storage/remote/open-remote.ts';
import { readValue } from '../storage/remote/read-value.ts';
import {
  artifactKeyName,
  type Remote,
  type StoreContext,
  UnfitEntryError,
} from '../storage/remote/remote.ts';
import { Pulse, patienceFor, whileAlive } from '../storage/remote/time-limit.ts';
import { openEnvelope, sealEnvelope } from '../storage/wire/envelope.ts';
import { maySend, type Sealing } from '../storage/wire/sealing.ts';

export type StoreProbe =
  | { readonly kind: 'unreachable' | 'unreadable'; readonly because: string }
  | {
      readonly kind: 'answers';
      /** Of a question, once connected. */
      readonly milliseconds: number;
      readonly writing: 'works' | 'notTried' | { readonly fails: string };
      /** True if what an earlier probe left there has another secret, or is something else. */
      readonly hasStrangeEntry: boolean;
    };

export interface ProbeOptions {
  readonly context: StoreContext;
  readonly sealing: Sealing;
}

/** Whoever sets a longer time for compiles would not wait that long here. In milliseconds. */
const LONGEST_SILENCE_MS = 10_000;
const LARGEST_VALUE = 64 * 1024;
/** One key for all probes, so that a store holds one of their values at most. */
const KEY = artifactKeyName(digestOfParts(['what the doctor left']));

/** Never rejects, and does not mark the store as out. */
export async function probeStore(
  address: RemoteAddress,
  { context, sealing }: ProbeOptions,
): Promise<StoreProbe> {
  const pulse = new Pulse();
  const patience = { ...patienceFor(Math.min(address.timeoutMs, LONGEST_SILENCE_MS), 0), pulse };
  const inTime = <T>(work: Promise<T>, what: string): Promise<T> => {
    pulse.beat();
    return whileAlive(patience, work, what);
  };
  let opening: Promise<Remote> | undefined;
  let remote: Remote;
  try {
    const connect = await loadRemote(address, context);
    opening = Promise.resolve().then(() => connect(pulse.beat));
    remote = await inTime(opening, 'connecting');
  } catch (error) {
    // If it connects later, nobody needs the connection any more.
    opening?.then((late) => late.close()).catch(() => {});
    return { kind: 'unreachable', because: describeError(error) };
  }
  const read = () => inTime(readValue(remote, KEY, LARGEST_VALUE), 'the answer');
  const verifies = (value: Awaited<ReturnType<typeof read>>) =>
    value instanceof Uint8Array &&
    openEnvelope(KEY, value, { sealing, maximumSize: LARGEST_VALUE }).kind === 'opened';
  try {
    // Some protocols connect with the first question.
    const first = await read();
    const start = performance.now();
    await read();
    const milliseconds = performance.now() - start;
    const hasStrangeEntry = first instanceof UnfitEntryError || (first !== undefined && !verifies(first));
    const answers = { kind: 'answers', milliseconds, hasStrangeEntry } as const;
    if (address.readOnly || !maySend(sealing)) return { ...answers, writing: 'notTried' };
    try {
      const value = sealEnvelope(KEY, Buffer.from(randomDigits()), sealing);
      await inTime(remote.put(KEY, value), 'the answer');
      const isThere = verifies(await read());
      return { ...answers, writing: isThere ? 'works' : { fails: 'it does not have what it took' } };
    } catch (error) {
      return { ...answers, writing: { fails: describeError(error) } };
    }
  } catch (error) {
    return { kind: 'unreadable', because: describeError(error) };
  } finally {
    remote.close();
  }
}
