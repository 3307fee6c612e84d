/** What each protocol has to offer. Everything beyond it (time limits, taking out, counting) is in `GuardedRemote`. */
import type { Digest } from '../../hash/digest.ts';
import type { Environment } from '../../util/environment.ts';
import type { PathStyle } from '../../util/paths.ts';
import { FORMAT } from '../local/layout.ts';

/** Told of every sign of life of a store: bytes that came, a step that was made. */
export type Beat = () => void;

export interface Remote {
  /**
   * The value of a key, undefined where there is none. Rejects with a `RefusedError` when the server answered but did
   * not serve, with an `UnfitEntryError` when that key is spoilt, with any other error when it did not answer, and before it has taken much more than `maximumSize` bytes.
   */
  get(key: RemoteKey, maximumSize: number): Promise<Uint8Array | undefined>;
  /** Stores a value under a key, in the place of what was there. Rejects as `get` does. */
  put(key: RemoteKey, bytes: Uint8Array): Promise<void>;
  /**
   * True if the store says that it has a value of so many bytes under a key, which is less than a proof. Only where
   * asking takes no more than a word each way.
   */
  holds?(key: RemoteKey, size: number): Promise<boolean>;
  /** True when the server has closed the connection, as many do when nothing was said for a while. */
  isGone?(): boolean;
  /** Lets go of connections. Answers that are still awaited are lost. */
  close(): void;
}

/** What credentials are read from, beside the address. */
export interface Surroundings {
  readonly environment: Environment;
  readonly homeDirectory: string;
  readonly style: PathStyle;
}

/** Short ASCII names: letters, digits and `/`. */
export type RemoteKey = `v${number}/${'o' | 'm'}/${string}`;

export function artifactKeyName(key: Digest): RemoteKey {
  return `v${FORMAT}/o/${key}`;
}

export function manifestKeyName(key: Digest): RemoteKey {
  return `v${FORMAT}/m/${key}`;
}

/** A path for a key in a store that keeps files in folders: no folder gets more than its 256th part. */
export function shardedPath(key: RemoteKey): string {
  return key.replace(/\/([^/]{2})([^/]*)$/, '/$1/$1$2');
}

/** The server was reached, and said no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** True when it is this value that the server will not take (too large), and another may do. */
  readonly isAboutValue: boolean;

  constructor(message: string, isAboutValue = false) {
    super(message);
    this.isAboutValue = isAboutValue;
  }
}

/** What lies under a key cannot be an entry; other keys are not concerned. */
export class UnfitEntryError extends Error {
  override readonly name = 'UnfitEntryError';
}

/** The server answered with something that is no answer to what it was asked. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** The server sent more than was asked for. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}
