/** Removes items from the cache beside running builds, each as a whole or not at all. */

import { LockTimeoutError, tryWithLongFileLock } from '../../util/file-lock.ts';
import { isTakeoverGuard } from '../../util/lock-folder.ts';
import type { SizeAccounts } from '../store.ts';
import type { ItemRemover } from './item-remover.ts';
import { hashesBeside, lockIn } from './layout.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { bytesBelow } from './sizes.ts';
import { lastUseOf, type SectionFolder, type SectionKind, type StoredItem } from './survey.ts';

/**
 * How many items are removed under one lock. That takes some ten milliseconds, in which builds wait for this section. Taking
 * and leaving the locks takes as long as removing twenty.
 */
const BATCH = 200;

export interface Removal {
  /** True to remove also what was used since the survey. */
  readonly evenIfUsed: boolean;
  readonly accounts: Pick<SizeAccounts, 'record'>;
  readonly remover: Pick<ItemRemover, 'take'>;
}

/**
 * Removes items of one section, except those that were used since the survey (unless `evenIfUsed`) and those that are
 * open on Windows. Returns the removed items. Removes none whose lock was not free in time.
 */
export async function removeItems(
  section: SectionFolder,
  items: readonly StoredItem[],
  { evenIfUsed, accounts, remover }: Removal,
): Promise<StoredItem[]> {
  const gone: StoredItem[] = [];
  const locks = section.kind === 'manifests' ? [lockIn(section.path)] : [];
  for (let start = 0; start < items.length; start += BATCH) {
    const remove = () => {
      let [entries, bytes] = [0, 0];
      for (const item of items.slice(start, start + BATCH)) {
        if (!evenIfUsed && (lastUseOf(section.kind, item.path) ?? 0) > item.lastUsed) continue;
        const removed = takeItem(section.kind, item, remover);
        if (removed === undefined) continue;
        gone.push({ ...item, bytes: removed });
        bytes += removed;
        if (section.kind === 'objects') entries += 1;
      }
      return { entries: -entries, bytes: -bytes };
    };
    await ifFreeInTime(accounts.record(section.digit, locks, remove));
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
 * Removes an entry, a manifest with its remembered hashes, or a file of what was learnt. Returns the bytes of what was
 * removed, or undefined if it all stays.
 */
function takeItem(
  kind: SectionKind,
  { path, bytes }: StoredItem,
  remover: Removal['remover'],
): number | undefined {
  if (kind === 'objects') return remover.take(path) ? bytes : undefined;
  let taken: number | undefined;
  for (const file of new Set([hashesBeside(path), path])) {
    const size = bytesBelow(file);
    if (remover.take(file)) taken = (taken ?? 0) + size;
  }
  return taken;
}

async function ifFreeInTime(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
  }
}
