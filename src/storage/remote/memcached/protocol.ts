import { RefusedError } from '../remote.ts';

/** A protocol of memcached. A refusal is returned and not thrown, because the connection is still usable. */
export interface Protocol {
  /** The value of a key, of at most `maximumSize` bytes. Undefined if there is none. */
  get(key: string, maximumSize: number): Promise<Uint8Array | RefusedError | undefined>;
  /** Undefined if the value was stored. `expires` is in seconds, or a date as memcached counts them. */
  set(key: string, value: Uint8Array, expires: number): Promise<RefusedError | undefined>;
  /** Undefined if the key has no value any more. */
  remove(key: string): Promise<RefusedError | undefined>;
  /** Lets a value that is there expire later. Undefined if it does, or if there is none. */
  touch(key: string, expires: number): Promise<RefusedError | undefined>;
}

/** The error for a server's sentence, in both protocols. */
export function refusalOf(words: string): RefusedError {
  return new RefusedError(words, /too large/i.test(words));
}
