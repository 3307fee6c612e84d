/** Writes files whole or not at all, without a library. */

import { chmodSync, lstatSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, isBusyError, retryWhileBusy } from './busy-retry.ts';
import { withCacheUmask } from './cache-umask.ts';
import { makeFolder } from './make-folder.ts';
import { temporarySibling } from './random-name.ts';

/**
 * Writes `path` through a new file beside it and a rename, so that a reader sees the old content or the new one. Used
 * for what hits write, because loading write-file-atomic takes 0.7 ms of the 15 ms of a hit. Otherwise like
 * `writeFileAtomicSync`. `mode` sets the rights of others, and at no moment they have more. Without it the
 * umask for the cache folder decides.
 */
export function replaceFileSync(
  path: string,
  data: string | Uint8Array,
  stillHeld: () => void = () => {},
  mode?: number,
): void {
  const temporary = temporarySibling(path);
  try {
    withCacheUmask(() => writeNew(temporary, data, mode));
    if (mode !== undefined) chmodSync(temporary, mode);
    stillHeld();
    replaceBy(temporary, path);
  } catch (error) {
    removeIfPossible(temporary);
    throw error;
  }
}

/**
 * Renames, and replaces an existing target. While Windows says that one of the two is busy, waits up to about a second.
 */
export function renameWithRetrySync(from: string, to: string): void {
  retryWhileBusy(() => renameSync(from, to));
}

/** Removes a file, or a folder with its contents. It need not exist. Waits as `renameWithRetrySync` does. */
export function removeWithRetrySync(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    retryWhileBusy(() => removeAny(path));
  }
}

/** Removes what is of no use any more. A file that a virus scanner holds is left to the next cleaning. */
export function removeIfPossible(path: string): void {
  try {
    removeWithRetrySync(path);
  } catch {
    // A leftover must not fail the call.
  }
}

/** Opens the file exclusively, so that no existing file is written to. Writes all bytes or throws. */
function writeNew(path: string, data: string | Uint8Array, mode?: number): void {
  const options = { flag: 'wx', ...(mode !== undefined && { mode }) };
  try {
    writeFileSync(path, data, options);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    writeFileSync(path, data, options);
  }
}

/** Renames a file to a name that is in use: a link is not followed, and a folder is removed. */
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
    // A read-only file (a stored object that was hard-linked) is refused as well, and waiting does not help.
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
