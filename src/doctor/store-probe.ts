/** Asks one server of a shared store, and stores a small value there, within the times that the store is given. */
import { describeError } from '../diagnostics/errors.ts';
import { digestOfParts } from '../hash/digest.ts';
import { randomDigits } from '../runtime/random.ts';
import type { RemoteAddress } from '../storage/remote/address.ts';
import { loadRemote } from '../storage/remote/open-remote.ts';
import { readValue } from '../storage/remote/read-value.ts';
import {
  artifactKeyName,
  NoCredentialsError,
  type Remote,
  type RemoteKey,
  type StoreContext,
  UnfitEntryError,
} from '../storage/remote/remote.ts';
import { openEnvelope, sealEnvelope } from '../storage/wire/envelope.ts';
import { maySend, type Sealing } from '../storage/wire/sealing.ts';
import { Pulse, patienceFor, whileAlive } from '../util/time-limit.ts';

export type StoreProbe =
  | {
      readonly kind: 'unreachable' | 'unreadable';
      readonly because: string;
      /** True if something came from the store all the same. */
      readonly isAlive: boolean;
    }
  | {
      readonly kind: 'answers';
      /** Of a question, once connected. */
      readonly milliseconds: number;
      readonly writing: 'works' | 'notTried' | { readonly fails: string };
      /** True if what an earlier probe left there has another secret, or is something else. */
      readonly hasStrangeEntry: boolean;
      /** Why the value that was written is still there. Undefined if it is not, or if it is to stay. */
      readonly leftBehind?: string;
    };

export interface ProbeOptions {
  readonly context: StoreContext;
  readonly sealing: Sealing;
  /** The key of a value that is removed again. Without it the value stays, for other machines to read. */
  readonly ownKey?: RemoteKey;
}

/** Whoever sets a longer time for compiles would not wait that long here. In milliseconds. */
const LONGEST_SILENCE_MS = 10_000;
const LARGEST_VALUE = 64 * 1024;
/** One key for all probes, so that a store holds one of their values at most. */
const KEY = artifactKeyName(digestOfParts(['what the doctor left']));
const DIGITS_OF_OWN_KEY = 2;

/**
 * A key for a value that is removed again. It is one of a few, because a store that lets nothing be removed keeps it, and
 * of some, because two machines may look at the same time.
 */
export function keyToRemove(): RemoteKey {
  return artifactKeyName(digestOfParts(['what a check left', randomDigits().slice(0, DIGITS_OF_OWN_KEY)]));
}

/** Never rejects, and does not mark the store as out. */
export async function probeStore(address: RemoteAddress, options: ProbeOptions): Promise<StoreProbe> {
  const { context } = options;
  const pulse = new Pulse();
  const patience = { ...patienceFor(Math.min(address.timeoutMs, LONGEST_SILENCE_MS), 0), pulse };
  let isAlive = false;
  const beat = () => {
    isAlive = true;
    pulse.beat();
  };
  const inTime = <T>(work: Promise<T>, what: string): Promise<T> => {
    pulse.beat();
    return whileAlive(patience, work, what);
  };
  const failed = (kind: 'unreachable' | 'unreadable', error: unknown): StoreProbe =>
    error instanceof NoCredentialsError
      ? { kind: 'unreachable', because: describeError(error), isAlive: false }
      : { kind, because: describeError(error), isAlive };
  let opening: Promise<Remote> | undefined;
  let remote: Remote;
  try {
    const connect = await loadRemote(address, context);
    opening = Promise.resolve().then(() => connect(beat));
    remote = await inTime(opening, 'connecting');
  } catch (error) {
    // If it connects later, nobody needs the connection any more.
    opening?.then((late) => late.close()).catch(() => {});
    return failed('unreachable', error);
  }
  try {
    return await talkTo(remote, { ...options, address, inTime });
  } catch (error) {
    return failed('unreadable', error);
  } finally {
    remote.close();
  }
}

/** Reads, and writes where that is wanted. Rejects if the store cannot be read. */
async function talkTo(
  remote: Remote,
  {
    address,
    sealing,
    ownKey,
    inTime,
  }: Pick<ProbeOptions, 'sealing' | 'ownKey'> & {
    readonly address: RemoteAddress;
    readonly inTime: <T>(work: Promise<T>, what: string) => Promise<T>;
  },
): Promise<StoreProbe> {
  const key = ownKey ?? KEY;
  const read = () => inTime(readValue(remote, key, LARGEST_VALUE), 'the answer');
  const verifies = (value: Awaited<ReturnType<typeof read>>) =>
    value instanceof Uint8Array &&
    openEnvelope(key, value, { sealing, maximumSize: LARGEST_VALUE }).kind === 'opened';
  // Some protocols connect with the first question.
  const first = await read();
  const start = performance.now();
  await read();
  const milliseconds = performance.now() - start;
  const hasStrangeEntry = first instanceof UnfitEntryError || (first !== undefined && !verifies(first));
  const answers = { kind: 'answers', milliseconds, hasStrangeEntry } as const;
  if (address.readOnly || !maySend(sealing)) return { ...answers, writing: 'notTried' };
  try {
    const value = sealEnvelope(key, Buffer.from(randomDigits()), sealing);
    await inTime(remote.put(key, value), 'the answer');
    if (!verifies(await read())) return { ...answers, writing: { fails: 'it does not have what it took' } };
  } catch (error) {
    return { ...answers, writing: { fails: describeError(error) } };
  }
  const leftBehind = ownKey && (await whyLeft(remote, ownKey, inTime));
  return { ...answers, writing: 'works', ...(leftBehind !== undefined && { leftBehind }) };
}

/** Removes a value. Why that was not possible, or undefined. */
async function whyLeft(
  remote: Remote,
  key: RemoteKey,
  inTime: <T>(work: Promise<T>, what: string) => Promise<T>,
): Promise<string | undefined> {
  try {
    await inTime(remote.remove(key), 'the answer');
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
