/** What each protocol implements. `GuardedRemote` adds time limits, taking out and counting. */
import type { Digest } from '../../hash/digest.ts';
import type { Environment } from '../../util/environment.ts';
import { FORMATS } from '../../util/formats.ts';
import type { PathStyle } from '../../util/paths.ts';

/** Called at every beat of a store: bytes that came, or a step that was made. It shows that the store is alive. */
export type Beat = () => void;

export interface Remote {
  /**
   * The value of a key. Undefined if there is none. Rejects with a `RefusedError` if the server answered but did not
   * serve, with an `UnfitEntryError` if this key is damaged, and with another error if the server did not answer.
   * Rejects before it has taken much more than `maximumSize` bytes.
   */
  get(key: RemoteKey, maximumSize: number): Promise<Uint8Array | undefined>;
  /** Stores a value under a key, and replaces the old one. Rejects as `get` does. */
  put(key: RemoteKey, bytes: Uint8Array): Promise<void>;
  /**
   * True if the store says that it has a value of this size under a key, which proves nothing. Only for protocols in
   * which the question is short.
   */
  holds?(key: RemoteKey, size: number): Promise<boolean>;
  /**
   * When the store is closed, removes a part of an artifact that was not sent completely, if the artifact is not there.
   * Only for stores that never remove anything themselves.
   */
  removePart?(part: RemoteKey, artifact: RemoteKey): void;
  /** True if a part is there. For stores from which parts are removed, as another call may have done with this one. */
  hasPart?(part: RemoteKey): Promise<boolean>;
  /** Removes a key, which need not be there. Rejects as `put` does. Only for the value that a check leaves. */
  remove(key: RemoteKey): Promise<void>;
  /** True if the server has closed the connection, as many do after some silence. */
  isGone?(): boolean;
  /** Closes connections. Outstanding answers are lost. A promise resolves when nothing unfinished is left there. */
  close(): void | Promise<void>;
}

/** Where credentials are read from, beside the address. */
export interface StoreContext {
  readonly environment: Environment;
  readonly homeDirectory: string;
  readonly style: PathStyle;
}

/** Short ASCII names: letters, digits and `/`. */
export type RemoteKey = `v${number}/${'o' | 'm' | 'p'}/${string}`;

export function artifactKeyName(key: Digest): RemoteKey {
  return `v${FORMATS.layout}/o/${key}`;
}

export function manifestKeyName(key: Digest): RemoteKey {
  return `v${FORMATS.layout}/m/${key}`;
}

/** The path of a key in a store that keeps files in folders. Entries are spread over 256 folders. */
export function shardedPath(key: RemoteKey): string {
  return key.replace(/\/([^/]{2})([^/]*)$/, '/$1/$1$2');
}

/** The server was reached, and refused. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** True if the server refuses only this value, because it is too large. Others may be accepted. */
  readonly isAboutValue: boolean;

  constructor(message: string, isAboutValue = false) {
    super(message);
    this.isAboutValue = isAboutValue;
  }
}

/** Nobody says who asks, so the store was not asked. Whoever was to say it is another server. */
export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

/** The value of a key cannot be an entry. Other keys are not affected. */
export class UnfitEntryError extends Error {
  override readonly name = 'UnfitEntryError';
}

/** The server sent something that does not answer the question. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** The server sent more than was asked for. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}
