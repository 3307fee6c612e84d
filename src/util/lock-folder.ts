/**
 * The file calls that proper-lockfile makes on a lock's folder, with what it leaves open closed: only the owner's
 * folder is removed on release, and of several processes that find a stale lock only one removes it, once.
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

/**
 * Age at which a lock counts as left behind by a killed owner; a bit above the library's least (2 s), and well within
 * the time that a build waits for a lock. The library dates a new lock up to a second ahead.
 */
export const STALE_MS = 3000;

export interface LockFolder {
  readonly path: string;
  /** To be given to proper-lockfile as its `fs`. */
  readonly fileSystem: LockFileSystem;
  markTaken(): void;
  markLost(): void;
  /** True when the lock was held and another process has taken it over. */
  isLost(): boolean;
  /** True when it was taken so short a time ago that nobody can have found it stale since: spares a look at it. */
  isYoung(): boolean;
  /**
   * True for a lock of another owner that is dated ahead of our clock, as long as nobody refreshes it: whether its owner
   * lives (on a machine with another clock) shows only to whoever watches it.
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

/** Prepares the lock at `path` for being waited for and taken by this process; touches nothing yet. */
export function openLockFolder(path: string): LockFolder {
  let state: State = 'waiting';
  /** What the folder was when it became ours, or was last refreshed by us. */
  let ours: string | undefined;
  let takenAt = 0;
  /** What the folder of another owner was, and since when it has been that. */
  let seen = { identity: '', since: 0, changes: 0, mtimeMs: 0 };

  function look(): { readonly mtime: Date } {
    const stat = lstatSync(path, { bigint: true });
    // No lock of ours: whatever it is, nobody holds it.
    if (!stat.isDirectory()) {
      seen = { ...seen, identity: identityOf(stat) };
      return { mtime: new Date(0) };
    }
    // Rounded as `Stats` does, not cut as `BigIntStats` does: the library compares it with the time that it set.
    const mtime = new Date(Math.round(Number(stat.mtimeNs) / 1e6));
    if (state !== 'waiting') return { mtime };
    const identity = identityOf(stat);
    const now = performance.now();
    if (identity !== seen.identity) {
      seen = { identity, since: now, changes: seen.changes + 1, mtimeMs: mtime.getTime() };
    }
    // Unchanged for so long: its owner is dead, whatever the clocks say (set back, another machine's).
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
        mkdirSync(path);
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

/** A folder, and what it should not be: a file, a link, a folder with something in it. */
function removeLock(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    removeWithRetrySync(path);
  }
}

/**
 * Without it, two processes find the lock stale, one removes it and takes it, and the other removes that fresh one.
 * Someone killed within (microseconds) leaves the guard behind, to be removed by age like the lock itself.
 */
function withTakeoverGuard(path: string, body: () => void): void {
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
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
 * Inode numbers are used again at once and time stamps are coarse; together they tell two folders apart, and whether
 * one has been refreshed. The change time is the better stamp, but on Windows indexers touch it.
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
