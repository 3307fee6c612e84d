/**
 * The file calls that proper-lockfile makes on a lock's folder, with what it leaves open closed: only the owner's
 * folder is removed on release, and of several processes that find a stale lock only one removes it, once.
 */
import {
  type BigIntStats,
  mkdirSync,
  type PathLike,
  realpathSync,
  rmdirSync,
  statSync,
  utimesSync,
} from 'node:fs';
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
  /** What the folder of another owner was, and since when it has been that. */
  let seen = { identity: '', since: 0 };

  function look(): { readonly mtime: Date } {
    const stat = statSync(path, { bigint: true });
    // Rounded as `Stats` does, not cut as `BigIntStats` does: the library compares it with the time that it set.
    const mtime = new Date(Math.round(Number(stat.mtimeNs) / 1e6));
    if (state !== 'waiting') return { mtime };
    const identity = identityOf(stat);
    const now = performance.now();
    if (identity !== seen.identity) seen = { identity, since: now };
    // Unchanged for so long: its owner is dead, whatever the clocks say (set back, another machine's).
    return now - seen.since > STALE_MS ? { mtime: new Date(0) } : { mtime };
  }

  function removeStale(): void {
    const judged = seen.identity;
    withTakeoverGuard(path, () => {
      if (identityOf(statSync(path, { bigint: true })) === judged) rmdirSync(path);
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
        ours = identityOf(statSync(path, { bigint: true }));
      },
      rmdirSync: () => (state === 'waiting' ? removeStale() : removeOurs()),
      realpathSync: () => realpathSync(path),
    },
    markTaken: () => {
      state = 'taken';
      ours ??= identityIfThere(path);
    },
    markLost: () => {
      state = 'lost';
    },
    isLost: () => state === 'lost' || (state === 'taken' && ours !== identityIfThere(path)),
  };
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
    if (Math.abs(Date.now() - statSync(guard).mtimeMs) > STALE_MS) rmdirSync(guard);
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
    return identityOf(statSync(path, { bigint: true }));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
