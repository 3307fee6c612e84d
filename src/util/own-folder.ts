/** Folders of ours that are written to: each of them a folder, and none a link by which one would get somewhere else. */
import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeWithRetrySync } from './atomic-file.ts';
import { errorCode } from './busy-retry.ts';

/** A link lies where a folder of ours belongs. Whoever put it there may mean well, so it is not removed. */
export class LinkedFolderError extends Error {
  override readonly name = 'LinkedFolderError';
  readonly code = 'LINKED_FOLDER';

  constructor(path: string) {
    super(`${path} is a link, and is not written through`);
  }
}

/**
 * Makes a folder, and looks at it and as many of those above it as `levels` says: what is no folder is replaced by one,
 * and a link is a `LinkedFolderError`. What lies above them may be links, as the user likes. Throws system errors.
 */
export function makeOwnFolder(path: string, levels: number): void {
  if (levels === 0) return;
  makeOwnFolder(dirname(path), levels - 1);
  const found = statWithoutFollowing(path);
  if (found?.isSymbolicLink()) throw new LinkedFolderError(path);
  if (found && !found.isDirectory()) removeWithRetrySync(path);
  if (!found?.isDirectory()) mkdirSync(path, { recursive: true });
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
