/** Finds out by trying whether the cache folder can be written. */
import { closeSync, lstatSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../diagnostics/errors.ts';
import { failureOf } from '../../util/failure.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { LinkedFolderError } from '../../util/own-folder.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { Layout } from './layout.ts';

/**
 * The first folder of the cache that cannot be written, or the one above it if it cannot be made, with the system's
 * reason. Undefined if all of them can. Leaves nothing behind.
 */
export function folderProblem({
  cacheDirectory,
  root,
  objects,
  manifests,
  statistics,
  compilers,
}: Layout): string | undefined {
  const error =
    failureOf(() => tryToWrite(cacheDirectory)) ??
    failureOf(() => {
      for (const folder of [root, objects, manifests, statistics.folder, compilers]) tryToWriteBelow(folder);
    });
  return error === undefined
    ? undefined
    : `the folder of the cache cannot be written, so nothing is stored or counted: ${error}`;
}

/** Does what storing does: makes folders that are missing or are not folders, and follows no links. */
function tryToWriteBelow(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw new LinkedFolderError(folder);
  if (found?.isDirectory()) tryToWrite(folder);
}

function tryToWrite(folder: string): void {
  const made = makeFolder(folder);
  try {
    const file = temporarySibling(join(folder, 'written'));
    closeSync(openSync(file, 'wx'));
    unlinkSync(file);
  } catch (error) {
    throw new Error(`'${folder}': ${reasonOf(error)}`, { cause: error });
  } finally {
    if (made !== undefined) removeMade(folder, made);
  }
}

/** Removes a folder and those above it, up to the uppermost that was made. A folder that is in use by now stays. */
function removeMade(folder: string, first: string): void {
  try {
    for (let path = folder; ; path = dirname(path)) {
      rmdirSync(path);
      if (path === first) return;
    }
  } catch {
    // Another process has put something into it.
  }
}
