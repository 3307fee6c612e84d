/** Makes clcache's own folders. Each of them must be a folder and not a link, which would lead somewhere else. */

import { chmodSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeWithRetrySync } from './atomic-file.ts';
import { errorCode } from './busy-retry.ts';
import { hasCacheUmask, withCacheUmask } from './cache-umask.ts';
import { makeFolder } from './make-folder.ts';

/** There is a link in the place of a clcache folder. Its maker may have had a reason, so it is not removed. */
export class LinkedFolderError extends Error {
  override readonly name = 'LinkedFolderError';
  readonly code = 'LINKED_FOLDER';

  constructor(path: string) {
    super(`${path} is a link, and is not written through; clcache -C removes it`);
  }
}

/**
 * Makes a folder, and checks it and the folders above it, `levels` in all. What is not a folder is replaced. A link
 * throws a `LinkedFolderError`. Folders above may be links. The uppermost new folder, and with `isForAll` each new one,
 * gets the rights of the folder above it. Throws system errors.
 */
export function makeOwnFolder(path: string, levels: number, isForAll = false): void {
  if (levels === 0) return;
  makeOwnFolder(dirname(path), levels - 1, isForAll);
  const found = statWithoutFollowing(path);
  if (found?.isSymbolicLink()) throw new LinkedFolderError(path);
  if (found && !found.isDirectory()) removeWithRetrySync(path);
  if (found?.isDirectory()) return;
  const isNew = withCacheUmask(() => makeFolder(path)) !== undefined;
  if (isNew && !hasCacheUmask() && (isForAll || levels === 1)) shareAsFolderAbove(path);
}

const WRITABLE_BY_OTHERS = 0o022;

/**
 * The rights of others for a file in a folder that others may write. Undefined in a folder of one user, and where a umask
 * for the cache folder decides.
 */
export function modeForAll(folder: string): number | undefined {
  if (hasCacheUmask()) return undefined;
  const { mode } = statSync(folder);
  return process.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0 ? mode & 0o666 : undefined;
}

/** A folder for several users stays one, whatever the umask of the first of them. */
function shareAsFolderAbove(path: string): void {
  const { mode } = statSync(dirname(path));
  if (process.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0) chmodSync(path, mode & 0o777);
}

function statWithoutFollowing(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // The path is below something that is not a folder. Making it reports that.
    if (errorCode(error) !== 'ENOTDIR') throw error;
    return undefined;
  }
}
