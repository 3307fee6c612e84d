/** Removes items from the cache beside running builds, each as a whole or not at all. */

import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import { LockTimeoutError, tryWithLongFileLock } from '../../util/file-lock.ts';
import { isTakeoverGuard } from '../../util/lock-folder.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { SizeAccounts } from '../store.ts';
import type { FolderRemover } from './folder-remover.ts';
import { hashesBeside, keyOfItem, lockIn } from './layout.ts';
import { quietly, removeLeftovers } from './remove-leftovers.ts';
import { bytesBelow } from './sizes.ts';
import { lastUseOf, type SectionFolder, type StoredItem } from './survey.ts';

/**
 * How many items are removed under one lock. That takes some ten milliseconds, in which builds wait for this section. Taking
 * and leaving the locks takes as long as removing twenty.
 */
const BATCH = 200;

export interface Removal {
  /** True to remove also what was used since the survey. */
  readonly evenIfUsed: boolean;
  readonly accounts: Pick<SizeAccounts, 'record'>;
  /** Gets the folders with the entries, which are out of their places by then. */
  readonly folders: Pick<FolderRemover, 'remove'>;
}

/**
 * Removes items of one section, except those that were used since the survey (unless `evenIfUsed`) and those that are
 * open on Windows. Returns the removed items. Removes none whose lock was not free in time.
 */
export async function removeItems(
  section: SectionFolder,
  items: readonly StoredItem[],
  { evenIfUsed, accounts, folders }: Removal,
): Promise<StoredItem[]> {
  const gone: StoredItem[] = [];
  const locks = section.kind === 'manifests' ? [lockIn(section.path)] : [];
  for (let start = 0; start < items.length; start += BATCH) {
    const aside = temporarySibling(`${section.path}/removed`);
    const remove = () => {
      let [entries, bytes] = [0, 0];
      if (section.kind === 'objects') withCacheUmask(() => mkdirSync(aside));
      for (const item of items.slice(start, start + BATCH)) {
        if (!evenIfUsed && (lastUseOf(section.kind, item.path) ?? 0) > item.lastUsed) continue;
        const removed =
          section.kind === 'objects'
            ? moveEntry(item, `${aside}/${keyOfItem(item.path)}`)
            : removeFiles(item);
        if (removed === undefined) continue;
        gone.push({ ...item, bytes: removed });
        bytes += removed;
        if (section.kind === 'objects') entries += 1;
      }
      return { entries: -entries, bytes: -bytes };
    };
    await ifFreeInTime(accounts.record(section.digit, locks, remove));
    if (section.kind === 'objects') folders.remove(aside);
  }
  return gone;
}

/**
 * Removes locks that no process holds any more, by taking each of them. Removes what is not a lock, and leftover
 * guards, directly.
 */
export async function removeOldLocks(locks: readonly string[]): Promise<void> {
  const guards = locks.filter((path) => isTakeoverGuard(path));
  removeLeftovers(guards);
  const take = (path: string) => tryWithLongFileLock(path, async () => undefined);
  // A lock that cannot be taken is left to the next cleaning.
  await Promise.allSettled(locks.filter((path) => !guards.includes(path)).map(take));
}

/**
 * Renames an entry in one step, so that no reader finds half of it. It is removed later. Returns its bytes, or
 * undefined if it stays.
 */
function moveEntry({ path, bytes }: StoredItem, aside: string): number | undefined {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || isBusyError(error)) return undefined;
    throw error;
  }
  return bytes;
}

/** Removes a manifest with its remembered hashes, or a file of what was learnt. Returns their bytes. */
function removeFiles({ path }: StoredItem): number | undefined {
  const hashes = hashesBeside(path);
  let bytes = bytesBelow(path);
  if (hashes !== path) {
    const bytesOfHashes = bytesBelow(hashes);
    if (quietly(() => removeWithRetrySync(hashes))) bytes += bytesOfHashes;
  }
  try {
    unlinkSync(path);
  } catch (error) {
    if (isBusyError(error)) return undefined;
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return bytes;
}

async function ifFreeInTime(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
  }
}
