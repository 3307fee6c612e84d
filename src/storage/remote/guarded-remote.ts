/**
 * A remote store that cannot fail or hold up a call. Every wait is bounded. The first failure takes the store out for
 * the rest of the call and, through a mark in the cache folder, for the calls of the next 30 seconds. Nothing here
 * rejects.
 */
import { describeError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import { resolvable } from '../../util/resolvable.ts';
import { type Patience, Pulse, patienceFor, TimeoutError, whileAlive } from '../../util/time-limit.ts';
import type { RemoteActivity } from '../store.ts';
import { ENVELOPE_OVERHEAD, type Opened, openEnvelope } from '../wire/envelope.ts';
import type { Sealing } from '../wire/sealing.ts';
import type { RemoteAddress } from './address.ts';
import type { OutageKind, StoreHealth } from './health.ts';
import { MEMCACHED_LIMIT } from './memcached/parts.ts';
import type { Connect } from './open-remote.ts';
import { type Found, readValue, withoutKeys } from './read-value.ts';
import { RefusedError, type Remote, type RemoteKey, UnfitEntryError } from './remote.ts';
import { newTally, type Tally } from './tally.ts';

export interface GuardedRemoteOptions {
  readonly address: RemoteAddress;
  /** The name in statistics and the log. */
  readonly name: string;
  readonly load: () => Promise<Connect>;
  readonly sealing: Sealing;
  readonly health: StoreHealth;
  /** Removes the secrets from a line. */
  readonly redact: (line: string) => string;
  readonly trace: Trace;
}

/** In bytes. A smaller value is sent as fast as the question whether the store has it. */
const WORTH_ASKING = 32 * 1024;
export class GuardedRemote {
  readonly name: string;
  readonly #options: GuardedRemoteOptions;
  readonly #tally: Tally;
  readonly #pulse = new Pulse();
  /** Called when the store is taken out or closed, so that nobody waits for it any longer. */
  readonly #waiting = new Set<() => void>();
  readonly #taken = new Set<RemoteKey>();
  /** Entries that the store should have got and did not take. */
  readonly #lacking = new Set<RemoteKey>();
  /** How many requests are running. */
  #pending = 0;
  #onTheWay = 0;
  #isDown: boolean;
  #isClosed = false;
  #isFull: boolean;
  #connection: Promise<Remote> | undefined;
  #remote: Remote | undefined;

  constructor(options: GuardedRemoteOptions) {
    this.#options = options;
    this.name = options.redact(options.name);
    this.#isDown = options.health.is('down');
    this.#isFull = options.health.is('full');
    this.#tally = newTally(this.name);
    if (this.#isDown) this.#say('did not answer a moment ago and is not asked');
  }

  get activity(): RemoteActivity {
    return this.#tally;
  }

  /** How long the store has been silent while clcache waited for it. */
  get silenceMs(): number {
    return this.#pending > 0 ? performance.now() - this.#pulse.last : 0;
  }

  /** The longest time that a transfer may take, in milliseconds. */
  get longestTransferMs(): number {
    return patienceFor(this.#options.address.timeoutMs, 0).totalMs;
  }

  /** The largest artifact that the store takes, in bytes as they are sent. */
  get largestArtifact(): number {
    return this.#options.address.scheme === 'memcached' ? MEMCACHED_LIMIT : Number.POSITIVE_INFINITY;
  }

  get canRead(): boolean {
    return !this.#isDown && !this.#isClosed;
  }

  get canWrite(): boolean {
    return this.canRead && !this.#isFull && !this.#options.address.readOnly;
  }

  /** The verified body of an entry. */
  get(key: RemoteKey, maximumSize: number): Promise<Found> {
    return this.#find(key, maximumSize + ENVELOPE_OVERHEAD, (blob) =>
      openEnvelope(key, blob, { sealing: this.#options.sealing, maximumSize }),
    );
  }

  /** A part of an artifact, which the caller verifies. */
  getPart(key: RemoteKey, maximumSize: number): Promise<Found> {
    return this.#find(key, maximumSize, (body) => ({ kind: 'opened', body }));
  }

  async #find(key: RemoteKey, limit: number, open: (blob: Uint8Array) => Opened): Promise<Found> {
    if (!this.canRead) return { kind: 'unanswered' };
    const blob = await this.#attempt(`get ${key}`, 0, (remote) => readValue(remote, key, limit));
    if (blob === 'failed') return { kind: 'unanswered' };
    if (blob === undefined) {
      this.#say(`has no ${key}`);
      return { kind: 'none' };
    }
    if (blob instanceof UnfitEntryError) {
      this.reject(key, blob.message);
      return { kind: 'rejected', because: blob.message };
    }
    this.#tally.bytesReceived += blob.length;
    const opened = open(blob);
    if (opened.kind === 'opened') {
      this.#say(`gave ${key}, ${blob.length} bytes`);
      return { kind: 'found', body: opened.body };
    }
    this.reject(key, opened.because);
    return { kind: 'rejected', because: opened.because };
  }

  /** Counts an entry that did not verify, or that no compile can use. */
  reject(key: RemoteKey, because: string): void {
    this.#tally.rejected += 1;
    const reason = `gave something else for ${key}: ${because}`;
    this.#say(reason);
    this.#note(reason);
  }

  /** Takes the store out, because it is silent and another one had the entry. */
  giveUp(because = `silent for ${Math.round(this.silenceMs)} ms, and another store had it`): void {
    this.#fail('answer', new TimeoutError(because));
  }

  countHit(): void {
    this.#tally.hits += 1;
  }

  countMiss(): void {
    this.#tally.misses += 1;
  }

  /** Stores an envelope. False if that was not possible. */
  async put(key: RemoteKey, envelope: Uint8Array): Promise<boolean> {
    return this.#noteTaken(key, await this.#send(key, envelope));
  }

  /**
   * As `put`, for values that never change: a large one is not sent again if the store says that it has it. A store
   * that returned an entry that did not verify is not believed.
   */
  async putUnlessThere(key: RemoteKey, envelope: Uint8Array): Promise<boolean> {
    return this.#noteTaken(key, await this.putPart(key, envelope));
  }

  /** As `putUnlessThere`, for a part of an artifact. It is not counted, because the artifact is. */
  async putPart(key: RemoteKey, bytes: Uint8Array): Promise<boolean> {
    if (!this.canWrite) return false;
    const isWorthAsking = bytes.length >= WORTH_ASKING && this.#tally.rejected === 0;
    const ask = async (remote: Remote) => (await remote.holds?.(key, bytes.length)) === true;
    if (!isWorthAsking || (await this.#attempt(`ask for ${key}`, 0, ask)) !== true)
      return this.#send(key, bytes);
    this.#say(`has ${key} already, ${bytes.length} bytes`);
    return true;
  }

  async #send(key: RemoteKey, bytes: Uint8Array): Promise<boolean> {
    if (!this.canWrite) return false;
    const done = await this.#attempt(`put ${key}`, bytes.length, async (remote) => {
      await remote.put(key, bytes);
      return 'done' as const;
    });
    if (done === 'failed') return false;
    this.#tally.bytesSent += bytes.length;
    this.#say(`took ${key}, ${bytes.length} bytes`);
    return true;
  }

  #noteTaken(key: RemoteKey, isTaken: boolean): boolean {
    if (isTaken) this.#taken.add(key);
    else this.drop(key);
    return isTaken;
  }

  /** Counts an entry that is not sent, or not completely: there is no time for it, or the store refuses its size. */
  drop(key: RemoteKey): void {
    if (this.#taken.has(key) || this.#lacking.has(key)) return;
    if (this.canWrite) this.#tally.notSent += 1;
    this.#lacking.add(key);
  }

  /** What a store can do with parts of artifacts, while it is connected. */
  get parts(): Pick<Remote, 'removePart' | 'hasPart'> | undefined {
    return this.#remote;
  }

  /** True if this call wanted to send an entry to the store and the store did not take it. */
  lacks(key: RemoteKey): boolean {
    return this.#lacking.has(key);
  }

  /** Closes the connection. Running requests end as 'failed', which does not count against the store. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#waiting) end();
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    const remote = this.#remote;
    this.#remote = undefined;
    await remote?.close();
  }

  /** Runs one request within its time limit. 'failed' if it failed or the store was taken out meanwhile. */
  async #attempt<T>(
    what: string,
    bytesToSend: number,
    run: (remote: Remote) => Promise<T>,
  ): Promise<T | 'failed'> {
    const work = async (): Promise<T> => {
      if (this.#pending === 1 && this.#remote?.isGone?.()) {
        this.#disconnect();
        this.#connection = undefined;
      }
      this.#connection ??= this.#connect();
      const remote = await this.#connection;
      return whileAlive(this.#patience(), run(remote), 'the answer');
    };
    // One promise for all requests would hold the bytes of each until the end of the call.
    const gone = resolvable<void>();
    this.#waiting.add(gone.resolve);
    if (this.#pending === 0) this.#pulse.beat();
    this.#pending += 1;
    this.#onTheWay += bytesToSend;
    try {
      return await Promise.race([work(), gone.promise.then(() => 'failed' as const)]);
    } catch (error) {
      this.#fail(what, error);
      return 'failed';
    } finally {
      this.#waiting.delete(gone.resolve);
      this.#pending -= 1;
      this.#onTheWay -= bytesToSend;
    }
  }

  async #connect(): Promise<Remote> {
    const { load } = this.#options;
    const connect = await load();
    const opening = Promise.resolve(connect(this.#pulse.beat));
    const greeting = whileAlive(this.#patience(), opening, 'connecting');
    const remote = await greeting.catch((error: unknown) => {
      // If it connects later, nobody needs the connection any more.
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    });
    if (this.canRead) this.#remote = remote;
    else remote.close();
    return remote;
  }

  #fail(what: string, error: unknown): void {
    // The requests that were running fail together with the store. That counts as one failure.
    if (!this.canRead) return;
    const described = describeError(error);
    this.#say(`failed to ${what}: ${described}`);
    const reason = `failed to ${withoutKeys(what)}: ${described}`;
    const isRefusedWrite = error instanceof RefusedError && what.startsWith('put ');
    if (isRefusedWrite && error.isAboutValue) {
      this.#note(reason);
      return;
    }
    if (error instanceof TimeoutError) this.#tally.timeouts += 1;
    else this.#tally.errors += 1;
    this.#note(reason, isRefusedWrite ? 'full' : 'down');
    this.#isFull ||= isRefusedWrite;
    if (isRefusedWrite) return;
    this.#isDown = true;
    for (const end of this.#waiting) end();
    this.#disconnect();
  }

  /** All requests share one connection, so the bytes of the others come first. */
  #patience(): Patience {
    return { ...patienceFor(this.#options.address.timeoutMs, this.#onTheWay), pulse: this.#pulse };
  }

  #note(reason: string, outage?: OutageKind): void {
    this.#options.health.note(this.#options.redact(reason), outage);
  }

  #say(line: string): void {
    const { trace, redact } = this.#options;
    trace(() => redact(`remote ${this.name} ${line}`));
  }
}
