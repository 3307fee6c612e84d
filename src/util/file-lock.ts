/**
 * Locks between processes, held for milliseconds.
 *
 * A lock is a folder. The process whose `mkdir` makes it owns it. A killed owner leaves it behind. It is then stale,
 * and the next process removes it, if its time stamp is older than `STALE_MS`, or if it has not changed while a process
 * waited that long (which works with wrong clocks, too).
 */

import { dirname } from 'node:path';
import { errorCode, isBusyError } from './busy-retry.ts';
import { withCacheUmask } from './cache-umask.ts';
import { type LockFolder, openLockFolder } from './lock-folder.ts';
import { isLockLibraryLoaded, loadLockLibrary, type TakeOnce } from './lock-library.ts';
import { makeFolder } from './make-folder.ts';

/** The lock was not free within the time limit. `cause` is the error of the last try. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
  readonly code = 'LOCK_TIMEOUT';

  constructor(lockPath: string, timeoutMs: number, cause?: unknown) {
    super(`could not lock ${lockPath} within ${timeoutMs} ms`, { cause });
  }
}

/**
 * Another process took the lock over while its owner was held up. What the owner was about to write may be out of date.
 */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
  readonly code = 'LOCK_LOST';
  readonly lockPath: string;

  constructor(lockPath: string) {
    super(`${lockPath} was taken over`);
    this.lockPath = lockPath;
  }
}

/** Call it just before a change under a lock takes effect. Throws a `LockLostError`. */
export type StillHeld = () => void;

type Attempt = { readonly kind: 'taken'; readonly release: () => void } | FailedAttempt;

type FailedAttempt =
  | { readonly kind: 'locked'; readonly because: unknown }
  /** Windows denies a lock for a moment while it is being deleted. It also denies a folder that cannot be written. */
  | { readonly kind: 'denied'; readonly because: unknown };

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;
/** How long Windows may deny the lock before that counts as "not allowed". */
const DENIED_MS = 1000;
/** How often to check a lock whose owner may be on a machine with another clock. */
const WATCH_MS = 100;

/** A time of waiting, from and to in milliseconds since the process started. */
export interface LockWait {
  readonly lockPath: string;
  readonly start: number;
  readonly end: number;
}

const waits: LockWait[] = [];

/** All times that this process has waited for locks, successfully or not. For profiles. */
export function lockWaits(): readonly LockWait[] {
  return waits;
}

/**
 * Runs `body` under the lock `lockPath` and releases it in any case. `body` must be short: it blocks the refreshing of
 * the lock, and other processes may take the lock over after `STALE_MS`. If `body` asks whether the lock is still held
 * and it is not, everything is done again. Creates the folder of the lock if it is missing. Throws a `LockTimeoutError`
 * after `timeoutMs`, a system error at once if the folder cannot be written, and what `body` throws.
 *
 * Unless a miss has loaded the library, a free lock is taken without it, because nothing of the library happens while
 * `body` blocks.
 */
export async function withFileLock<T>(
  lockPath: string,
  timeoutMs: number,
  body: (stillHeld: StillHeld) => T,
): Promise<T> {
  const started = performance.now();
  const done = !isLockLibraryLoaded() ? tryWithFreeLock(lockPath, body) : undefined;
  if (done) return done.value;
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
 * As `withFileLock`, under several locks. All callers must name any two locks in the same order, or they would wait for
 * each other. `body` gets functions that check all locks and the last one, and may run again if a lock was lost.
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
  const done = !isLockLibraryLoaded() ? tryWithFreeLocks(first, others, body) : undefined;
  if (done) return done.value;
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

/** As `tryWithFreeLock`, under several locks. */
function tryWithFreeLocks<T>(
  first: string,
  others: readonly string[],
  body: (allHeld: StillHeld, lastHeld: StillHeld) => T,
): { readonly value: T } | undefined {
  const [second, ...rest] = others;
  if (second === undefined) return tryWithFreeLock(first, (stillHeld) => body(stillHeld, stillHeld));
  const outer = tryWithFreeLock(first, (firstHeld) =>
    tryWithFreeLocks(second, rest, (othersHeld, lastHeld) =>
      body(() => {
        firstHeld();
        othersHeld();
      }, lastHeld),
    ),
  );
  return outer?.value;
}

async function take(folder: LockFolder, timeoutMs: number): Promise<() => void> {
  const takeOnce = await loadLockLibrary();
  const start = performance.now();
  const first = tryToTake(folder, takeOnce);
  if (first.kind === 'taken') return first.release;
  return waitFor(() => tryToTake(folder, takeOnce), folder.path, { first, timeoutMs }).finally(() => {
    waits.push({ lockPath: folder.path, start, end: performance.now() });
  });
}

/** Tries again with growing pauses after the first try failed. */
async function waitFor(
  again: () => Attempt,
  lockPath: string,
  { first, timeoutMs }: { readonly first: FailedAttempt; readonly timeoutMs: number },
): Promise<() => void> {
  const started = performance.now();
  let deniedSince: number | undefined;
  let longestPause = FIRST_PAUSE_MS;
  let attempt: Attempt = first;
  while (attempt.kind !== 'taken') {
    const now = performance.now();
    deniedSince = attempt.kind === 'denied' ? (deniedSince ?? now) : undefined;
    if (deniedSince !== undefined && now - deniedSince >= DENIED_MS) throw attempt.because;
    const left = timeoutMs - (now - started);
    if (left <= 0) throw new LockTimeoutError(lockPath, timeoutMs, attempt.because);
    await pause(Math.min(left, longestPause * (0.5 + Math.random() / 2)));
    longestPause = Math.min(longestPause * 1.5, LONGEST_PAUSE_MS);
    attempt = again();
  }
  return attempt.release;
}

/**
 * As `withFileLock`, for hits, but returns undefined at once if the lock is not free. Takes the lock with one `mkdir`
 * and releases it with one `rmdir`, as the library does. Loading and calling the library would take a tenth of a hit
 * (16.6 ms in place of 15.4, medians of 60 by turns). A stale lock counts as not free, and so does one that was lost
 * meanwhile. A signal may interrupt `body`.
 */
export function tryWithFreeLock<T>(
  lockPath: string,
  body: (stillHeld: StillHeld) => T,
): { readonly value: T } | undefined {
  const folder = openLockFolder(lockPath);
  const takeFree = () => {
    folder.fileSystem.mkdirSync(lockPath);
    folder.markTaken();
    return () => folder.fileSystem.rmdirSync(lockPath);
  };
  const attempt = tryToTake(folder, takeFree);
  if (attempt.kind !== 'taken') return undefined;
  try {
    return { value: runLocked(folder, attempt.release, body) };
  } catch (error) {
    if (error instanceof LockLostError) return undefined;
    throw error;
  }
}

/**
 * As `withFileLock`, for work that takes seconds, but returns undefined if the lock is not free. `body` must return to the event loop at least once a second, so
 * that the lock is refreshed. It should end early if `isLost()` says that another process has taken the lock over. A
 * lock with a time in the future is watched until it is refreshed, or has not changed for too long.
 */
export async function tryWithLongFileLock<T>(
  lockPath: string,
  body: (isLost: () => boolean) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const takeOnce = await loadLockLibrary();
  const folder = openLockFolder(lockPath);
  let attempt = tryToTake(folder, takeOnce);
  while (attempt.kind === 'locked' && folder.isWorthWatching()) {
    await pause(WATCH_MS);
    attempt = tryToTake(folder, takeOnce);
  }
  return attempt.kind === 'taken' ? { value: await runLong(folder, attempt.release, body) } : undefined;
}

/** As `tryWithLongFileLock`, but waits for the lock. Throws a `LockTimeoutError` if it is not free in time. */
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

function tryToTake(folder: LockFolder, takeOnce: TakeOnce): Attempt {
  for (let missing = 0; ; missing += 1) {
    try {
      return { kind: 'taken', release: quietly(takeOnce(folder)) };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ELOCKED' || code === 'EEXIST') return { kind: 'locked', because: error };
      if (isBusyError(error)) return { kind: 'denied', because: error };
      if (code !== 'ENOENT' || missing >= 3) throw error;
      withCacheUmask(() => makeFolder(dirname(folder.path)));
    }
  }
}

function quietly(release: () => void): () => void {
  return () => {
    try {
      release();
    } catch (error) {
      // The lock was lost meanwhile, so there is nothing to release. After any other error (a virus scanner holds the
      // folder) the lock becomes stale. The work under it is done and must not fail.
      if (errorCode(error) === undefined) throw error;
    }
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
