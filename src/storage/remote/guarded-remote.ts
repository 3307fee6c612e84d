/**
 * A remote store that cannot hurt: every wait is bounded, the first failure takes the store out for the rest of the
 * call and (through a mark in the cache folder) for the calls of the next 30 seconds, and nothing here ever rejects.
 */
import { describeError } from '../../diagnostics/errors.ts';
import type { Trace } from '../../diagnostics/trace.ts';
import type { RemoteActivity } from '../store.ts';
import type { RemoteAddress } from './address.ts';
import type { StoreHealth } from './dead-stores.ts';
import { ENVELOPE_OVERHEAD, openEnvelope } from './envelope.ts';
import type { Connect } from './open-remote.ts';
import { RefusedError, type Remote, type RemoteKey } from './remote.ts';
import { TimeoutError, within } from './time-limit.ts';

export interface GuardedRemoteOptions {
  readonly address: RemoteAddress;
  readonly load: () => Promise<Connect>;
  readonly secret: string | undefined;
  readonly health: StoreHealth;
  /** Takes the secrets out of a line. */
  readonly redact: (line: string) => string;
  readonly trace: Trace;
}

/** Smaller values travel as fast as the question whether they are there. In bytes. */
const WORTH_ASKING = 32 * 1024;

/** A mutable twin of `RemoteActivity`. */
type Tally = { -readonly [Name in keyof RemoteActivity]: RemoteActivity[Name] };

export class GuardedRemote {
  readonly name: string;
  readonly #options: GuardedRemoteOptions;
  readonly #tally: Tally;
  /** Resolves when the store is taken out or closed, so that nobody goes on waiting for it. */
  readonly #out = resolvable();
  #isDown: boolean;
  #isClosed = false;
  #isFull: boolean;
  #connection: Promise<Remote> | undefined;
  #remote: Remote | undefined;

  constructor(options: GuardedRemoteOptions) {
    this.#options = options;
    this.name = options.redact(options.address.url);
    this.#isDown = options.health.is('down');
    this.#isFull = options.health.is('full');
    this.#tally = {
      name: this.name,
      hits: 0,
      misses: 0,
      rejected: 0,
      errors: 0,
      timeouts: 0,
      bytesReceived: 0,
      bytesSent: 0,
    };
    if (this.#isDown) this.#say('did not answer a moment ago and is not asked');
  }

  get activity(): RemoteActivity {
    return this.#tally;
  }

  get canRead(): boolean {
    return !this.#isDown && !this.#isClosed;
  }

  get canWrite(): boolean {
    return this.canRead && !this.#isFull && !this.#options.address.readOnly;
  }

  /** The verified body of the entry; undefined if there is none, it does not check, or the store is out. */
  async get(key: RemoteKey, maximumSize: number): Promise<Uint8Array | undefined> {
    if (!this.canRead) return undefined;
    const blob = await this.#attempt(`get ${key}`, (remote) =>
      remote.get(key, maximumSize + ENVELOPE_OVERHEAD),
    );
    if (blob === 'failed') return undefined;
    if (blob === undefined) {
      this.#tally.misses += 1;
      this.#say(`has no ${key}`);
      return undefined;
    }
    this.#tally.bytesReceived += blob.length;
    const opened = openEnvelope(key, blob, this.#options.secret, maximumSize);
    if (opened.kind === 'opened') {
      this.#tally.hits += 1;
      this.#say(`gave ${key}, ${blob.length} bytes`);
      return opened.body;
    }
    this.#tally.rejected += 1;
    this.#say(`gave something else for ${key}: ${opened.because}`);
    return undefined;
  }

  /** The store gave an entry that proved itself, but whose contents are none: counts as a miss after all. */
  reject(key: RemoteKey): void {
    this.#tally.hits -= 1;
    this.#tally.rejected += 1;
    this.#say(`gave ${key} with contents of another shape`);
  }

  /** Stores a sealed envelope. False if that was not possible. */
  async put(key: RemoteKey, envelope: Uint8Array): Promise<boolean> {
    if (!this.canWrite) return false;
    const done = await this.#attempt(`put ${key}`, async (remote) => {
      await remote.put(key, envelope);
      return 'done' as const;
    });
    if (done === 'failed') return false;
    this.#tally.bytesSent += envelope.length;
    this.#say(`took ${key}, ${envelope.length} bytes`);
    return true;
  }

  /**
   * As `put`, for values that never change: a large one that the store says to have is not sent again. A store that
   * gave anything that did not prove itself is not believed.
   */
  async putUnlessThere(key: RemoteKey, envelope: Uint8Array): Promise<boolean> {
    if (!this.canWrite) return false;
    const isWorthAsking = envelope.length >= WORTH_ASKING && this.#tally.rejected === 0;
    const ask = async (remote: Remote) => (await remote.holds?.(key, envelope.length)) === true;
    if (!isWorthAsking || (await this.#attempt(`ask for ${key}`, ask)) !== true)
      return this.put(key, envelope);
    this.#say(`has ${key} already, ${envelope.length} bytes`);
    return true;
  }

  /** Lets go of the store. What is under way ends as 'failed', which is no failure of the store's. */
  close(): void {
    this.#isClosed = true;
    this.#out.resolve();
    this.#disconnect();
  }

  #disconnect(): void {
    this.#remote?.close();
    this.#remote = undefined;
  }

  /** Runs one request within its time limit; 'failed' if it did not end well or the store was taken out meanwhile. */
  async #attempt<T>(what: string, run: (remote: Remote) => Promise<T>): Promise<T | 'failed'> {
    const { timeoutMs } = this.#options.address;
    const work = async (): Promise<T> => {
      this.#connection ??= this.#connect();
      const remote = await this.#connection;
      return within(timeoutMs, run(remote), what);
    };
    const gone = this.#out.promise.then(() => 'failed' as const);
    try {
      return await Promise.race([work(), gone]);
    } catch (error) {
      this.#fail(what, error);
      return 'failed';
    }
  }

  async #connect(): Promise<Remote> {
    const { load, address } = this.#options;
    const connect = await load();
    const opening = Promise.resolve(connect());
    const remote = await within(address.connectTimeoutMs, opening, 'connecting').catch((error: unknown) => {
      // Should it connect after all, nobody waits for it any more.
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    });
    this.#remote = remote;
    return remote;
  }

  #fail(what: string, error: unknown): void {
    // Requests that were under way fail with the store, or are broken off; one failure is one.
    if (!this.canRead) return;
    if (error instanceof TimeoutError) this.#tally.timeouts += 1;
    else this.#tally.errors += 1;
    this.#say(`failed to ${what}: ${describeError(error)}`);
    if (error instanceof RefusedError && what.startsWith('put ')) {
      if (error.isAboutValue) return;
      this.#isFull = true;
      this.#options.health.mark('full');
      return;
    }
    this.#isDown = true;
    this.#options.health.mark('down');
    this.#out.resolve();
    this.#disconnect();
  }

  #say(line: string): void {
    const { trace, redact } = this.#options;
    trace(() => redact(`remote ${this.name} ${line}`));
  }
}

/** `Promise.withResolvers`, which Node has from 22 on. */
function resolvable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
