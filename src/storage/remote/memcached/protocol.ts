import { RefusedError } from '../remote.ts';

/**
 * How one talks to a memcached server. A refusal is returned, not thrown: the connection goes on.
 *
 * The two protocols are spoken here, and not by a package. `memcache` 1.10, which is kept up, was tried with memcached
 * 1.6: a value is text in UTF-8 to it, so that a `Buffer` of 500 kB is not stored and bytes do not come back as they were
 * (base64 would cost a third of the room and of the way). It does not bound the length of an answer, does not tell that
 * bytes come in, which our time limits go by, says `false` whatever the server's reason to refuse was, and wants Node
 * 22.19. `memjs`, which earlier versions used, speaks the binary protocol alone.
 */
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
