/** Removes items from the cache beside running builds, each as a whole or not at all. */
import { renameSync, unlinkSync } from 'node:fs';
import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { LockTimeoutError, tryWithLongFileLock } from '../../util/file-lock.ts';
import { isTakeoverGuard } from '../../util/lock-folder.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { SizeAccounts } from '../store.ts';
import { hashesBeside, lockIn } from './layout.ts';
import { bytesBelow } from './sizes.ts';
import { lastUseOf, type SectionFolder, type StoredItem } from './survey.ts';

/** How many items are removed under one lock. That takes a few milliseconds, in which builds wait for this section. */
const BATCH = 50;

export interface Removal {
  /** True to remove also what was used since the survey. */
  readonly evenIfUsed: boolean;
  readonly accounts: Pick<SizeAccounts, 'record'>;
}

/**
 * Removes items of one section, except those that were used since the survey (unless `evenIfUsed`) and those that are
 * open on Windows. Returns the removed items. Removes none whose lock was not free in time.
 */
export async function removeItems(
  section: SectionFolder,
  items: readonly StoredItem[],
  { evenIfUsed, accounts }: Removal,
): Promise<StoredItem[]> {
  const gone: StoredItem[] = [];
  const locks = section.kind === 'manifests' ? [lockIn(section.path)] : [];
  for (let start = 0; start < items.length; start += BATCH) {
    const asides: string[] = [];
    const remove = () => {
      let [entries, bytes] = [0, 0];
      for (const item of items.slice(start, start + BATCH)) {
        const lastUsed = lastUseOf(section.kind, item.path) ?? 0;
        if (!evenIfUsed && lastUsed > item.lastUsed) continue;
        const removed = section.kind === 'objects' ? moveEntry(item, asides) : removeFiles(item);
        if (removed === undefined) continue;
        gone.push({ ...item, bytes: removed });
        bytes += removed;
        if (section.kind === 'objects') entries += 1;
      }
      return { entries: -entries, bytes: -bytes };
    };
    await ifFreeInTime(accounts.record(section.digit, locks, remove));
    removeLeftovers(asides);
  }
  return gone;
}

/** Removes what killed processes left. What cannot be removed is left to the next cleaning. */
export function removeLeftovers(leftovers: readonly string[]): void {
  for (const path of leftovers) quietly(() => removeWithRetrySync(path));
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
function moveEntry({ path, bytes }: StoredItem, asides: string[]): number | undefined {
  const aside = temporarySibling(path);
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || isBusyError(error)) return undefined;
    throw error;
  }
  asides.push(aside);
  return bytes;
}

/** Removes a manifest with its remembered hashes, or a file of what was learnt. Returns their bytes. */
function removeFiles({ path }: StoredItem): number | undefined {
  const hashes = hashesBeside(path);
  let bytes = bytesBelow(path);
  if (hashes !== path) {
    const bytesOfHashes = bytesBelow(hashes);
    quietly(() => removeWithRetrySync(hashes));
    bytes += bytesOfHashes - bytesBelow(hashes);
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

function quietly(remove: () => unknown): void {
  try {
    remove();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
