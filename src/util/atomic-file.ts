/** Files that are there whole or not at all. */
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, isBusyError, retryWhileBusy } from './busy-retry.ts';
import { temporarySibling } from './random-name.ts';

/**
 * Writes `path` through a new file beside it and a rename: a reader sees the old content or the new one. For what hits
 * write as well, which would load write-file-atomic for nothing else: 0.7 ms of 15. Otherwise as `writeFileAtomicSync`.
 * `mode` is what others may do with the file, else the umask decides.
 */
export function replaceFileSync(
  path: string,
  data: string | Uint8Array,
  stillHeld: () => void = () => {},
  mode?: number,
): void {
  const temporary = temporarySibling(path);
  try {
    writeNew(temporary, data);
    if (mode !== undefined) chmodSync(temporary, mode);
    stillHeld();
    replaceBy(temporary, path);
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

/** Exclusively, so that nothing that lies ready under the name is written to. All bytes, or the disk says why not. */
function writeNew(path: string, data: string | Uint8Array): void {
  try {
    writeFileSync(path, data, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data, { flag: 'wx' });
  }
}

/** Renames a file over whatever has the name: a link is not followed, and a folder in the way is removed. */
export function replaceBy(temporary: string, path: string): void {
  try {
    renameWithRetrySync(temporary, path);
  } catch (error) {
    if (!isFolder(path)) throw error;
    const aside = temporarySibling(path);
    renameWithRetrySync(path, aside);
    renameWithRetrySync(temporary, path);
    removeIfPossible(aside);
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
    if (!lstatSync(path).isSymbolicLink()) chmodSync(path, 0o666);
  } catch {
    // The removal is tried again in any case, and reports its own error.
  }
}
