/** Files that are there whole or not at all. The only importer of write-file-atomic. */
import { chmodSync, mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { errorCode, isBusyError, retryWhileBusy } from './busy-retry.ts';

/**
 * Writes `path` through a temporary file beside it (`<path>.<digits>`) and a rename: a reader sees the old content or
 * the new one. Creates the folder if it is missing. Not flushed to the disk: after a power cut the file may be empty,
 * and every reader of ours checks what it reads. Throws system errors, on Windows only after a second of "busy".
 */
export function writeFileAtomicSync(path: string, data: string | Uint8Array): void {
  try {
    retryWhileBusy(() => writeOnce(path, data));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    retryWhileBusy(() => writeOnce(path, data));
  }
}

/**
 * As `writeFileAtomicSync`, for hits, which would load the library for nothing else: 0.7 ms of 15. For files that only
 * the holder of a lock writes, in a folder that is there.
 */
export function replaceFileSync(path: string, data: string): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, data);
    renameWithRetrySync(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
}

/** Renames, replacing what is there; waits up to about a second while Windows says that one of the two is busy. */
export function renameWithRetrySync(from: string, to: string): void {
  retryWhileBusy(() => renameSync(from, to));
}

/** Removes a file or a folder with all that is in it; not there is fine. Waits as `renameWithRetrySync` does. */
export function removeWithRetrySync(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    retryWhileBusy(() => removeAny(path));
  }
}

/** Removes what is of no use any more. What a scanner holds just now stays, for a cleaning to find. */
export function removeIfPossible(path: string): void {
  try {
    removeWithRetrySync(path);
  } catch {
    // A leftover is no reason to fail.
  }
}

/**
 * The library writes with a single write call and does not look whether all bytes went out, so on a full disk it may
 * rename half a file into place. `writeFileSync` goes on until all is written or the disk says why not.
 */
function writeOnce(path: string, data: string | Uint8Array): void {
  writeFileAtomic.sync(path, '', {
    fsync: false,
    tmpfileCreated: (temporary) => writeFileSync(temporary, data),
  });
}

function removeAny(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    // A read-only file (a stored object that was hard-linked) refuses too, and does not become free by waiting.
    if (isBusyError(error)) tryMakeWritable(path);
    throw error;
  }
}

function tryMakeWritable(path: string): void {
  try {
    chmodSync(path, 0o666);
  } catch {
    // The removal is tried again in any case, and reports its own error.
  }
}
