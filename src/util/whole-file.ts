/** Writes files whole or not at all. The only importer of write-file-atomic. */

import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { removeIfPossible, replaceBy } from './atomic-file.ts';
import { errorCode, retryWhileBusy } from './busy-retry.ts';
import { withCacheUmask } from './cache-umask.ts';
import { makeFolder } from './make-folder.ts';
import { temporarySibling } from './random-name.ts';

/**
 * Writes `path` by a rename, so that a reader sees the old content or the new one. A link, or whatever else has the
 * name, is replaced and not followed. Creates the folder if it is missing. Does not flush to the disk: after a power
 * cut the file may be empty, and every reader verifies what it reads. Calls `stillHeld` just before the rename. Throws
 * what it throws, and system errors. On Windows tries for a second while the file is busy.
 *
 * The library writes in a new folder of this user, because the names of its temporary files are predictable and it
 * follows links.
 */
export function writeFileAtomicSync(
  path: string,
  data: string | Uint8Array,
  stillHeld: () => void = () => {},
): void {
  const folder = temporarySibling(path);
  const file = join(folder, basename(path));
  withCacheUmask(() => makePrivateFolder(folder));
  try {
    retryWhileBusy(() => withCacheUmask(() => writeOnce(file, data)));
    stillHeld();
    replaceBy(file, path);
  } finally {
    removePrivateFolder(folder);
  }
}

/** What a virus scanner holds is left to the next cleaning. The file itself is in its place. */
function removePrivateFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    removeIfPossible(folder);
  }
}

/** Throws if the name is in use. */
function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** The library takes a write that a full disk cut short for a complete one. So clcache writes the bytes itself. */
function writeOnce(file: string, data: string | Uint8Array): void {
  writeFileAtomic.sync(file, '', {
    fsync: false,
    tmpfileCreated: (temporary) => writeFileSync(temporary, data),
  });
}
