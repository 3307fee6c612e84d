import type { ArtifactRole } from '../cache/artifact.ts';
import type { TreeRoots } from '../cache/base-directory.ts';
import type { Manifest } from '../cache/manifest.ts';
import type { Splice } from '../cache/tree-text.ts';
import type { Digest } from '../hash/digest.ts';
import { type StillHeld, withFileLocks } from '../util/file-lock.ts';

/** A file of an artifact to be stored. */
export type NewArtifactFile = {
  readonly role: ArtifactRole;
  /** How long the compile took that wrote it, in milliseconds, if that is known. */
  readonly compileMs?: number | undefined;
} & ({ readonly path: string } | { readonly bytes: Uint8Array; readonly splices: readonly Splice[] });

/** Where a file of an artifact goes on a hit. */
export interface RestoreTarget {
  readonly role: ArtifactRole;
  /** An absolute path. */
  readonly path: string;
}

export type RestoreResult =
  | {
      readonly kind: 'restored';
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      /** How long the compile took, in milliseconds. Undefined for an old entry. */
      readonly compileMs?: number | undefined;
    }
  /** There is no such artifact (any more). */
  | { readonly kind: 'absent' }
  /** The artifact does not verify: it was cut off or changed, or this runtime cannot read it. */
  | { readonly kind: 'damaged'; readonly because: string };

export type ManifestResult =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'broken'; readonly file: string };

/** A local store answers at once. A promise would cost each hit a turn of the event loop. */
type Awaitable<T> = T | Promise<T>;

/** By how much a store grew. Negative if it shrank. */
export interface Growth {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Informed whenever the cache folder grows or shrinks. A change is counted in the same step, so that a measurement
 * never sees one without the other.
 */
export interface SizeAccounts {
  /**
   * Changes what is stored under a key and counts by how much the folder grew. Takes the given locks in this order and
   * one more. Throws what the change throws, a `LockTimeoutError`, and system errors.
   */
  record(key: string, locks: readonly string[], change: (stillHeld: StillHeld) => Growth): Promise<Growth>;
  /** Sets the count to what `look` finds: everything under keys with this first digit. */
  measure<T extends Growth>(digit: string, look: () => Promise<T>): Promise<T>;
}

/** Accounts that count nothing, for a folder of one call, which needs no locks either. */
export const unshared: SizeAccounts = {
  record: async (_key, _locks, change) => change(() => {}),
  measure: (_digit, look) => look(),
};

/** Accounts that count nothing. */
export function noAccounts(timeoutMs: number): SizeAccounts {
  return {
    record: (_key, locks, change) => withFileLocks(locks, timeoutMs, (allHeld) => change(allHeld)),
    measure: (_digit, look) => look(),
  };
}

/** What a store with remote levels did besides what its methods returned. */
export interface StoreReport {
  /** By copies of entries from remote levels. */
  readonly growth: Growth;
  readonly remotes: readonly RemoteActivity[];
}

/** What one remote store did in this call. */
export interface RemoteActivity {
  /** Its URL, with the options that make it another store and without secrets. */
  readonly name: string;
  /** Lookups that it served. */
  readonly hits: number;
  /** Lookups for which it had no usable entry. */
  readonly misses: number;
  /** Entries that did not verify: changed, cut off, of another key, or without the right signature. */
  readonly rejected: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Entries that it did not get: there was no time, or they were too large for it. */
  readonly notSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/**
 * Keeps manifests and artifacts. A store knows keys and bytes, not compilers. It never counts and never prints. Its
 * methods throw system errors and `LockTimeoutError`, after which the caller goes on without the cache.
 */
export interface Store {
  /** The manifest of a key. Empty if there is none. Marks it as used now. */
  readManifest(key: Digest): Promise<ManifestResult>;
  /** Changes a manifest in one step, of which no other process sees a half. Returns the bytes by which it grew. */
  updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number>;
  /**
   * Puts every file of an artifact into its place, all of them or none. Everything is read and verified before the
   * first target is replaced, and there must be a file for each target. Marks the artifact as used now. Throws if a
   * target cannot be written.
   */
  restoreArtifact(key: Digest, targets: readonly RestoreTarget[], roots: TreeRoots): Awaitable<RestoreResult>;
  /** Stores an artifact whole, unless there is one by now. `replace` replaces a damaged one. */
  putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Promise<Growth>;
  /**
   * Asks remote levels, one after the other, for entries that the manifest lacks, until `suffices` accepts the merged
   * manifest. Returns it if there was anything new. `targets` says where the files of this compile go.
   */
  refreshManifest?(
    key: Digest,
    targets: readonly RestoreTarget[],
    suffices: (manifest: Manifest) => boolean,
  ): Promise<Manifest | undefined>;
  /** What remote levels had for a compile and does not count, one line each. */
  refusals?(targets: readonly RestoreTarget[]): Promise<readonly string[]>;
  /** Finishes what is left to do after the result was delivered. Bounded in time, never fails. Called once. */
  finish?(): Promise<StoreReport>;
}
