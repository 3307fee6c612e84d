import { RefusedError } from '../remote.ts';

/** How one talks to a memcached server. A refusal is returned, not thrown: the connection goes on. */
export interface Protocol {
  /** The value of a key, at most so many bytes; undefined where there is none. */
  get(key: string, maximumSize: number): Promise<Uint8Array | RefusedError | undefined>;
  /** Undefined when it is stored. `expires` is seconds, or a date as memcached counts them. */
  set(key: string, value: Uint8Array, expires: number): Promise<RefusedError | undefined>;
}

/** What a server says in words, in both protocols. */
export function refusalOf(words: string): RefusedError {
  return new RefusedError(words, /too large/i.test(words));
}
