/** Files that are there whole or not at all. The only importer of write-file-atomic. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { removeIfPossible, replaceBy } from './atomic-file.ts';
import { errorCode, retryWhileBusy } from './busy-retry.ts';
import { temporarySibling } from './random-name.ts';

/**
 * Writes `path` by a rename: a reader sees the old content or the new one. A link is replaced, not followed, and so is
 * anything else that has the name. Creates the folder if it is missing. Not flushed to the disk: after a power cut the
 * file may be empty, and every reader of ours checks what it reads. `stillHeld` is asked just before the rename. Throws
 * what it throws, and system errors, on Windows only after a second of "busy".
 *
 * The library writes in a new folder that is this user's alone: the names of its temporary files can be foretold, and
 * it follows links.
 */
export function writeFileAtomicSync(
  path: string,
  data: string | Uint8Array,
  stillHeld: () => void = () => {},
): void {
  const folder = temporarySibling(path);
  const file = join(folder, basename(path));
  makePrivateFolder(folder);
  try {
    retryWhileBusy(() => writeOnce(file, data));
    stillHeld();
    replaceBy(file, path);
  } finally {
    removePrivateFolder(folder);
  }
}

/** What a scanner holds just now stays, for a cleaning to find: no reason to fail when the file is in its place. */
function removePrivateFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    removeIfPossible(folder);
  }
}

/** Throws when the name is taken. */
function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** The library takes a write that the disk cut short for a whole one, so the bytes are written to its file by ours. */
function writeOnce(file: string, data: string | Uint8Array): void {
  writeFileAtomic.sync(file, '', {
    fsync: false,
    tmpfileCreated: (temporary) => writeFileSync(temporary, data),
  });
}
