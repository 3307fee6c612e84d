/** CLCACHE_REMOTE_ONLY: a local store for one call, in `<cacheDirectory>/v1/calls/call.<random>.tmp`. */

import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { atEnd } from '../../util/at-end.ts';
import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import { temporarySibling } from '../../util/random-name.ts';
import { callFolder, LEVELS_OF_LEARNT_FILES, layoutOf } from '../local/layout.ts';

/** Longer than any call. An older folder was left by a killed process. */
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000;

export function makeTransientFolder(cacheDirectory: string): { folder: string; remove: () => void } {
  const layout = layoutOf(cacheDirectory);
  const parent = layout.calls;
  const folder = temporarySibling(callFolder(layout));
  const forget = atEnd(() => removeQuietly(folder));
  makeOwnFolder(parent, LEVELS_OF_LEARNT_FILES);
  withCacheUmask(() => mkdirSync(folder));
  removeLeftovers(parent);
  const remove = () => {
    removeQuietly(folder);
    forget();
  };
  return { folder, remove };
}

function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = `${parent}/${name}`;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > LEFTOVER_AGE_MS) removeQuietly(path);
  }
}

function removeQuietly(path: string): void {
  try {
    removeWithRetrySync(path);
  } catch {
    // A later call tries again.
  }
}
