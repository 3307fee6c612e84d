/**
 * Locks between processes, kept for milliseconds. The only importer of proper-lockfile.
 *
 * A lock is a folder that `mkdir` either makes or finds: whoever makes it owns it. A killed owner leaves it behind; it
 * is stale, and removed by whoever comes next, when its time stamp is older than `STALE_MS`, or when it has not changed
 * while someone waited that long (which does not trust the clock).
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lockSync } from 'proper-lockfile';
import { errorCode, isBusyError } from './busy-retry.ts';
import { keepIgnoring } from './ignored-signals.ts';
import { type LockFolder, openLockFolder, STALE_MS } from './lock-folder.ts';

/** Waited for a lock for as long as allowed. `cause` is what the last try said. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
  readonly code = 'LOCK_TIMEOUT';

  constructor(lockPath: string, timeoutMs: number, cause?: unknown) {
    super(`could not lock ${lockPath} within ${timeoutMs} ms`, { cause });
  }
}

/** The lock was taken over while its owner was held up: what it was about to write may be out of date. */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
  readonly code = 'LOCK_LOST';
  readonly lockPath: string;

  constructor(lockPath: string) {
    super(`${lockPath} was taken over`);
    this.lockPath = lockPath;
  }
}

/** To be called just before what was made under a lock takes effect. Throws a `LockLostError`. */
export type StillHeld = () => void;

type Attempt = { readonly kind: 'taken'; readonly release: () => void } | FailedAttempt;

type FailedAttempt =
  | { readonly kind: 'locked'; readonly because: unknown }
  /** Windows says so for a lock that is being deleted, which is over in a moment, and for a folder we may not write. */
  | { readonly kind: 'denied'; readonly because: unknown };

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;
/** How long Windows may deny the lock before that counts as "not allowed". */
const DENIED_MS = 1000;
const REFRESH_MS = 1000;
/** How often a lock is looked at whose owner may live on a machine with another clock. */
const WATCH_MS = 100;

/** A stretch of waiting, from and to in milliseconds since the process was started. */
export interface LockWait {
  readonly lockPath: string;
  readonly start: number;
  readonly end: number;
}

const waits: LockWait[] = [];

/** What this process has waited for locks so far, in vain or not: for profiles. */
export function lockWaits(): readonly LockWait[] {
  return waits;
}

/**
 * Runs `body` while holding the lock `lockPath`, and releases it whatever happens. `body` must be short (it blocks the
 * refreshing of the lock, which others may take over after `STALE_MS`); where it asks whether the lock is still held and
 * it is not, all of it is done again. The folder of the lock is created if missing. Throws a `LockTimeoutError` after
 * `timeoutMs`, a system error at once if the folder cannot be written, and what `body` throws.
 */
export async function withFileLock<T>(
  lockPath: string,
  timeoutMs: number,
  body: (stillHeld: StillHeld) => T,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const folder = openLockFolder(lockPath);
    const release = await take(folder, timeoutMs);
    try {
      return runLocked(folder, release, body);
    } catch (error) {
      const isOurs = error instanceof LockLostError && error.lockPath === lockPath;
      if (!isOurs || performance.now() - started >= timeoutMs) throw error;
    }
  }
}

/**
 * As `withFileLock`, under several locks. Whoever takes any two of them must name them in the same order, or they would
 * wait for each other. `body` is told how to ask for all of them and for the last alone, and may be run again when it found
 * a lock lost.
 */
export async function withFileLocks<T>(
  lockPaths: readonly string[],
  timeoutMs: number,
  body: (allHeld: StillHeld, lastHeld: StillHeld) => T,
): Promise<T> {
  const [first, ...others] = lockPaths;
  if (first === undefined)
    return body(
      () => {},
      () => {},
    );
  if (others.length === 0) return withFileLock(first, timeoutMs, (stillHeld) => body(stillHeld, stillHeld));
  const folder = openLockFolder(first);
  const release = await take(folder, timeoutMs);
  try {
    return await withFileLocks(others, timeoutMs, (othersHeld, lastHeld) =>
      body(() => {
        mustBeHeld(folder);
        othersHeld();
      }, lastHeld),
    );
  } finally {
    release();
  }
}

async function take(folder: LockFolder, timeoutMs: number): Promise<() => void> {
  const start = performance.now();
  const first = tryToTake(folder);
  if (first.kind === 'taken') return first.release;
  return waitFor(folder, first, timeoutMs).finally(() => {
    waits.push({ lockPath: folder.path, start, end: performance.now() });
  });
}

/** Tries again and again, with pauses of growing length, after a first try has failed. */
async function waitFor(folder: LockFolder, first: FailedAttempt, timeoutMs: number): Promise<() => void> {
  const started = performance.now();
  let deniedSince: number | undefined;
  let longestPause = FIRST_PAUSE_MS;
  let attempt: Attempt = first;
  while (attempt.kind !== 'taken') {
    const now = performance.now();
    deniedSince = attempt.kind === 'denied' ? (deniedSince ?? now) : undefined;
    if (deniedSince !== undefined && now - deniedSince >= DENIED_MS) throw attempt.because;
    const left = timeoutMs - (now - started);
    if (left <= 0) throw new LockTimeoutError(folder.path, timeoutMs, attempt.because);
    await pause(Math.min(left, longestPause * (0.5 + Math.random() / 2)));
    longestPause = Math.min(longestPause * 1.5, LONGEST_PAUSE_MS);
    attempt = tryToTake(folder);
  }
  return attempt.release;
}

/** As `withFileLock`, but gives up at once and returns undefined when the lock is not free. */
export function tryWithFileLock<T>(lockPath: string, body: () => T): { readonly value: T } | undefined {
  const folder = openLockFolder(lockPath);
  const attempt = tryToTake(folder);
  return attempt.kind === 'taken' ? { value: runLocked(folder, attempt.release, body) } : undefined;
}

/**
 * As `tryWithFileLock`, for hits: a lock is taken by one `mkdir` and released by one `rmdir`, as the library does it
 * too. Loading and asking the library would be a tenth of a hit (16.6 ms in place of 15.4, medians of 60 by turns).
 * A stale lock is not free here, one that was lost meanwhile was not free, and `body` is not kept from being interrupted
 * by a signal.
 */
export function tryWithFreeLock<T>(
  lockPath: string,
  body: (stillHeld: StillHeld) => T,
): { readonly value: T } | undefined {
  const folder = openLockFolder(lockPath);
  const take = () => {
    folder.fileSystem.mkdirSync(lockPath);
    folder.markTaken();
    return () => folder.fileSystem.rmdirSync(lockPath);
  };
  const attempt = tryToTake(folder, take);
  if (attempt.kind !== 'taken') return undefined;
  try {
    return { value: runLocked(folder, attempt.release, body) };
  } catch (error) {
    if (error instanceof LockLostError) return undefined;
    throw error;
  }
}

/**
 * As `tryWithFileLock`, for work that takes seconds: `body` must give way to the event loop at least once a second, so
 * that the lock is refreshed, and should end early when `isLost()` says that another process has taken the lock over. A
 * lock that is dated ahead of our clock is watched until it is refreshed, or has stood still for too long.
 */
export async function tryWithLongFileLock<T>(
  lockPath: string,
  body: (isLost: () => boolean) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const folder = openLockFolder(lockPath);
  let attempt = tryToTake(folder);
  while (attempt.kind === 'locked' && folder.isWorthWatching()) {
    await pause(WATCH_MS);
    attempt = tryToTake(folder);
  }
  return attempt.kind === 'taken' ? { value: await runLong(folder, attempt.release, body) } : undefined;
}

/** As `tryWithLongFileLock`, but waits for the lock; throws a `LockTimeoutError` when it is not free in time. */
export async function withLongFileLock<T>(
  lockPath: string,
  timeoutMs: number,
  body: (isLost: () => boolean) => Promise<T>,
): Promise<T> {
  const folder = openLockFolder(lockPath);
  return runLong(folder, await take(folder, timeoutMs), body);
}

async function runLong<T>(
  folder: LockFolder,
  release: () => void,
  body: (isLost: () => boolean) => Promise<T>,
): Promise<T> {
  try {
    return await body(() => folder.isLost());
  } finally {
    release();
  }
}

function runLocked<T>(folder: LockFolder, release: () => void, body: (stillHeld: StillHeld) => T): T {
  try {
    return body(() => mustBeHeld(folder));
  } finally {
    release();
  }
}

function mustBeHeld(folder: LockFolder): void {
  if (!folder.isYoung() && folder.isLost()) throw new LockLostError(folder.path);
}

function tryToTake(folder: LockFolder, take = takeByLibrary): Attempt {
  for (let missing = 0; ; missing += 1) {
    try {
      return { kind: 'taken', release: quietly(take(folder)) };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ELOCKED' || code === 'EEXIST') return { kind: 'locked', because: error };
      if (isBusyError(error)) return { kind: 'denied', because: error };
      if (code !== 'ENOENT' || missing >= 3) throw error;
      mkdirSync(dirname(folder.path), { recursive: true });
    }
  }
}

function takeByLibrary(folder: LockFolder): () => void {
  // The library listens to signals as well.
  keepIgnoring();
  const release = lockSync(folder.path, {
    lockfilePath: folder.path,
    realpath: false,
    stale: STALE_MS,
    update: REFRESH_MS,
    fs: folder.fileSystem,
    onCompromised: () => folder.markLost(),
  });
  folder.markTaken();
  return release;
}

function quietly(release: () => void): () => void {
  return () => {
    try {
      release();
    } catch (error) {
      // Lost while we worked: there is nothing of ours left to release. Anything else (a scanner has the folder open
      // for long) leaves the lock to become stale; the work under it is done and must not fail for that.
      if (errorCode(error) === undefined) throw error;
    }
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
