/** Folders of ours that are written to: each of them a folder, and none a link by which one would get somewhere else. */
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeWithRetrySync } from './atomic-file.ts';
import { errorCode } from './busy-retry.ts';

/** A link lies where a folder of ours belongs. Whoever put it there may mean well, so it is not removed. */
export class LinkedFolderError extends Error {
  override readonly name = 'LinkedFolderError';
  readonly code = 'LINKED_FOLDER';

  constructor(path: string) {
    super(`${path} is a link, and is not written through; clcache -C removes it`);
  }
}

/**
 * Makes a folder, and looks at it and as many of those above it as `levels` says: what is no folder is replaced by one,
 * and a link is a `LinkedFolderError`. What lies above them may be links, as the user likes. The uppermost that is made,
 * and with `isForAll` each, may be written by whoever may write the folder above. Throws system errors.
 */
export function makeOwnFolder(path: string, levels: number, isForAll = false): void {
  if (levels === 0) return;
  makeOwnFolder(dirname(path), levels - 1, isForAll);
  const found = statWithoutFollowing(path);
  if (found?.isSymbolicLink()) throw new LinkedFolderError(path);
  if (found && !found.isDirectory()) removeWithRetrySync(path);
  if (found?.isDirectory()) return;
  const isNew = mkdirSync(path, { recursive: true }) !== undefined;
  if (isNew && (isForAll || levels === 1)) shareAsFolderAbove(path);
}

const WRITABLE_BY_OTHERS = 0o022;

/** For a file in a folder that others may write: what they may do with it. Undefined in a folder of one's own. */
export function modeForAll(folder: string): number | undefined {
  const { mode } = statSync(folder);
  return process.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0 ? mode & 0o666 : undefined;
}

/** A folder that is there for several users is one whatever the umask of the first of them. */
function shareAsFolderAbove(path: string): void {
  const { mode } = statSync(dirname(path));
  if (process.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0) chmodSync(path, mode & 0o777);
}

function statWithoutFollowing(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below something that is no folder: making it says so.
    if (errorCode(error) !== 'ENOTDIR') throw error;
    return undefined;
  }
}
