/**
 * The file calls that proper-lockfile makes on a lock's folder, with two of its gaps closed: a release removes only the
 * owner's folder, and of several processes that find a stale lock only one removes it, once.
 */

import {
  type BigIntStats,
  lstatSync,
  mkdirSync,
  type PathLike,
  realpathSync,
  rmdirSync,
  utimesSync,
} from 'node:fs';
import { removeWithRetrySync } from './atomic-file.ts';
import { errorCode, retryWhileBusy } from './busy-retry.ts';
import { withCacheUmask } from './cache-umask.ts';

/**
 * At this age a lock counts as left by a killed owner. It is a bit above the library's least (2 s), and well below the
 * time that a build waits for a lock. The library dates a new lock up to a second ahead.
 */
export const STALE_MS = 3000;

/** The end of the name of a guard, which a process makes to remove a stale lock. */
const GUARD = '.takeover';

export interface LockFolder {
  readonly path: string;
  /** Passed to proper-lockfile as its `fs`. */
  readonly fileSystem: LockFileSystem;
  markTaken(): void;
  markLost(): void;
  /** True if the lock was held and another process has taken it over. */
  isLost(): boolean;
  /** True if it was taken so recently that nobody can have found it stale since. This spares a `stat`. */
  isYoung(): boolean;
  /**
   * True for another owner's lock with a time in the future, while it is not refreshed. Its owner may live on a machine
   * with another clock, so only watching the lock shows whether the owner is alive.
   */
  isWorthWatching(): boolean;
}

interface LockFileSystem {
  mkdirSync(path: PathLike): void;
  statSync(path: PathLike): { readonly mtime: Date };
  utimesSync(path: PathLike, accessed: Date, modified: Date): void;
  rmdirSync(path: PathLike): void;
  realpathSync(path: PathLike): string;
}

type State = 'waiting' | 'taken' | 'lost';

/** Prepares to wait for the lock at `path` and to take it. Touches nothing yet. */
export function openLockFolder(path: string): LockFolder {
  let state: State = 'waiting';
  /** The identity of the folder when this process made it or last refreshed it. */
  let ours: string | undefined;
  let takenAt = 0;
  /** The identity of another owner's folder, and since when it is unchanged. */
  let seen = { identity: '', since: 0, changes: 0, mtimeMs: 0 };

  function look(): { readonly mtime: Date } {
    const stat = lstatSync(path, { bigint: true });
    // Not a folder, so it is not a lock and nobody holds it.
    if (!stat.isDirectory()) {
      seen = { ...seen, identity: identityOf(stat) };
      return { mtime: new Date(0) };
    }
    // Rounded as in `Stats`, not cut as in `BigIntStats`, because the library compares it with the time that it set.
    const mtime = new Date(Math.round(Number(stat.mtimeNs) / 1e6));
    if (state !== 'waiting') return { mtime };
    const identity = identityOf(stat);
    const now = performance.now();
    if (identity !== seen.identity) {
      seen = { identity, since: now, changes: seen.changes + 1, mtimeMs: mtime.getTime() };
    }
    // Unchanged for so long: its owner is dead, whatever the clocks say (set back, or another machine's).
    return now - seen.since > STALE_MS ? { mtime: new Date(0) } : { mtime };
  }

  function removeStale(): void {
    const judged = seen.identity;
    withTakeoverGuard(path, () => {
      if (identityIfThere(path) === judged) removeLock(path);
    });
  }

  function removeOurs(): void {
    if (ours === identityIfThere(path)) retryWhileBusy(() => rmdirSync(path));
  }

  return {
    path,
    fileSystem: {
      mkdirSync: () => {
        withCacheUmask(() => mkdirSync(path));
      },
      statSync: look,
      utimesSync: (_path, accessed, modified) => {
        utimesSync(path, accessed, modified);
        ours = identityOf(lstatSync(path, { bigint: true }));
      },
      rmdirSync: () => (state === 'waiting' ? removeStale() : removeOurs()),
      realpathSync: () => realpathSync(path),
    },
    markTaken: () => {
      state = 'taken';
      takenAt = performance.now();
      ours ??= identityIfThere(path);
    },
    markLost: () => {
      state = 'lost';
    },
    isLost: () => state === 'lost' || (state === 'taken' && ours !== identityIfThere(path)),
    isYoung: () => performance.now() - takenAt < YOUNG_MS,
    isWorthWatching: () => seen.changes === 1 && seen.mtimeMs > Date.now() + STALE_MS,
  };
}

/** Well below the age at which another process finds a lock stale. */
const YOUNG_MS = STALE_MS / 3;

/** Removes a lock, or what is in its place: a file, a link, a folder with contents. */
function removeLock(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    removeWithRetrySync(path);
  }
}

/** The guard of the lock at `path`, beside it. */
export function takeoverGuardOf(path: string): string {
  return `${path}${GUARD}`;
}

/** True for a guard that a killed process may have left. */
export function isTakeoverGuard(path: string): boolean {
  return path.endsWith(GUARD);
}

/**
 * Without the guard, two processes find the lock stale, one removes it and takes it, and the other removes that new
 * lock. A process that is killed within these microseconds leaves the guard, which is removed by its age like a lock.
 */
function withTakeoverGuard(path: string, body: () => void): void {
  const guard = takeoverGuardOf(path);
  try {
    withCacheUmask(() => mkdirSync(guard));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') removeOldGuard(guard);
    throw Object.assign(new Error('another process is removing a stale lock'), {
      code: 'ELOCKED',
      cause: error,
    });
  }
  try {
    body();
  } finally {
    rmdirSync(guard);
  }
}

function removeOldGuard(guard: string): void {
  try {
    const stat = lstatSync(guard);
    if (!stat.isDirectory() || Math.abs(Date.now() - stat.mtimeMs) > STALE_MS) removeLock(guard);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/**
 * Systems reuse inode numbers at once, and time stamps are coarse. Together they tell two folders apart, and whether a
 * folder was refreshed. The change time would be the better stamp, but on Windows indexers change it.
 */
function identityOf(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${process.platform === 'win32' ? stat.mtimeNs : stat.ctimeNs}`;
}

function identityIfThere(path: string): string | undefined {
  try {
    return identityOf(lstatSync(path, { bigint: true }));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
