import type { ArtifactRole } from '../cache/artifact.ts';
import type { TreeRoots } from '../cache/base-directory.ts';
import type { Manifest } from '../cache/manifest.ts';
import type { Splice } from '../cache/tree-text.ts';
import type { Digest } from '../hash/digest.ts';
import { type StillHeld, withFileLocks } from '../util/file-lock.ts';

/** A file of an artifact on its way into the store. */
export type NewArtifactFile =
  | { readonly role: ArtifactRole; readonly path: string }
  | { readonly role: ArtifactRole; readonly bytes: Uint8Array; readonly splices: readonly Splice[] };

/** Where a file of an artifact goes on a hit. */
export interface RestoreTarget {
  readonly role: ArtifactRole;
  /** Absolute. */
  readonly path: string;
}

export type RestoreResult =
  | { readonly kind: 'restored'; readonly stdout: Uint8Array; readonly stderr: Uint8Array }
  /** There is no such artifact (any more). */
  | { readonly kind: 'absent' }
  /** There is one, but it does not check: cut off, changed, or of a kind that this runtime cannot read. */
  | { readonly kind: 'damaged'; readonly because: string };

export type ManifestResult =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'broken'; readonly file: string };

/** A local store answers at once; a promise for it would cost each hit a turn of the event loop. */
type Awaitable<T> = T | Promise<T>;

/** What a store grew by: what it has now less what it had before. */
export interface Growth {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Who is told whenever the cache folder grows or shrinks. Counting and changing are one step, which nobody who measures
 * sees half of.
 */
export interface SizeAccounts {
  /**
   * Makes a change to what is kept under a key, under the locks given in this order and one more, and counts by how much
   * it made the folder grow. Throws what the change throws, a `LockTimeoutError`, and system errors.
   */
  record(key: string, locks: readonly string[], change: (stillHeld: StillHeld) => Growth): Promise<Growth>;
  /** Counts anew what `look` finds, which is all that is kept under keys with this first digit. */
  measure<T extends Growth>(digit: string, look: () => Promise<T>): Promise<T>;
}

/** Accounts of what nobody counts: a folder for one call. */
export function noAccounts(timeoutMs: number): SizeAccounts {
  return {
    record: (_key, locks, change) => withFileLocks(locks, timeoutMs, (allHeld) => change(allHeld)),
    measure: (_digit, look) => look(),
  };
}

/** What a store with further levels did beside what its methods returned. */
export interface StoreReport {
  /** By copies of what further levels gave. */
  readonly growth: Growth;
  readonly remotes: readonly RemoteActivity[];
}

/** What one remote store was asked for in this call, and what came of it. */
export interface RemoteActivity {
  /** Its URL with what makes it another store, without secrets. */
  readonly name: string;
  /** Lookups that it served. */
  readonly hits: number;
  /** Lookups for which it was asked and had nothing of use. */
  readonly misses: number;
  /** What it gave and did not prove itself: changed, cut off, of another key, or not signed as it must be. */
  readonly rejected: number;
  readonly errors: number;
  readonly timeouts: number;
  /** What it was to have and did not get: there was no time, or it was too large for it. */
  readonly notSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/**
 * Where manifests and artifacts are kept. A store knows keys and bytes, not compilers; it never counts and never
 * prints. Its methods throw system errors and `LockTimeoutError`; the caller turns them into "without the cache".
 */
export interface Store {
  /** The manifest of a key; an empty one where there is none. Marks it as used now. */
  readManifest(key: Digest): Promise<ManifestResult>;
  /** Changes a manifest as one step that no other process sees half of. Returns the bytes it grew by. */
  updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number>;
  /**
   * Puts every file of an artifact in its place, all of them or none: everything is read and verified before the first
   * target is replaced, and there must be a file for each target. Marks the artifact as used now. Failing to write a target is a thrown error.
   */
  restoreArtifact(key: Digest, targets: readonly RestoreTarget[], roots: TreeRoots): Awaitable<RestoreResult>;
  /** Stores an artifact whole, unless there is one by now; `replace` puts it in the place of a damaged one. */
  putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Promise<Growth>;
  /**
   * Asks further levels, one after the other, for entries that the manifest at hand lacks, until the merged manifest
   * suffices. Returns it if there was anything new. `targets` is where the files of this compile go.
   */
  refreshManifest?(
    key: Digest,
    targets: readonly RestoreTarget[],
    suffices: (manifest: Manifest) => boolean,
  ): Promise<Manifest | undefined>;
  /** Ends what may be done after the compiler's result was delivered. Bounded in time, never fails. Asked once. */
  finish?(): Promise<StoreReport>;
}
