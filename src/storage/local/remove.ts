/** Takes entries and manifests out of the cache beside running builds: each is there whole, or not at all. */
import { renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { LockTimeoutError, tryWithFileLock, withFileLock } from '../../util/file-lock.ts';
import { temporarySibling } from '../../util/random-name.ts';
import { hashesBeside, SECTION_LOCK } from './layout.ts';
import { lastUseOf, type Section, type StoredItem } from './survey.ts';

/** How many files are removed under one lock: a few milliseconds, in which no build of this section gets on. */
const BATCH = 50;

/**
 * Removes items of one section, except those that were used since they were looked at (unless `evenIfUsed`), and those
 * that Windows says are open just now. Returns the items that are gone.
 */
export async function removeItems(
  section: Pick<Section, 'path' | 'kind'>,
  items: readonly StoredItem[],
  options: { readonly timeoutMs: number; readonly evenIfUsed: boolean },
): Promise<StoredItem[]> {
  const unused = (item: StoredItem): boolean => {
    const lastUsed = lastUseOf(section.kind, item.path) ?? 0;
    return options.evenIfUsed || lastUsed <= item.lastUsed;
  };
  if (section.kind === 'objects') return items.filter((item) => unused(item) && removeEntry(item.path));
  const gone: StoredItem[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH);
    const removed = await underLock(section.path, options.timeoutMs, () =>
      batch.filter((item) => unused(item) && removeManifest(item.path)),
    );
    gone.push(...(removed ?? []));
  }
  return gone;
}

/** Removes what killed processes left. What cannot be removed now is left to the next cleaning. */
export function removeLeftovers(leftovers: readonly string[]): void {
  for (const path of leftovers) quietly(() => removeWithRetrySync(path));
}

/** Removes locks that nobody holds any more, each by taking it. */
export function removeOldLocks(locks: readonly string[]): void {
  for (const path of locks) {
    if (path.endsWith('.takeover')) quietly(() => rmdirSync(path));
    else quietly(() => tryWithFileLock(path, () => undefined));
  }
}

/** First out of the way in one step, so that no reader ever finds half an entry; then in peace. */
function removeEntry(path: string): boolean {
  const aside = temporarySibling(path);
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    if (isBusyError(error)) return false;
    throw error;
  }
  quietly(() => removeWithRetrySync(aside));
  return true;
}

function removeManifest(path: string): boolean {
  quietly(() => removeWithRetrySync(hashesBeside(path)));
  try {
    unlinkSync(path);
  } catch (error) {
    if (isBusyError(error)) return false;
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return true;
}

async function underLock<T>(section: string, timeoutMs: number, body: () => T): Promise<T | undefined> {
  try {
    return await withFileLock(`${section}/${SECTION_LOCK}`, timeoutMs, body);
  } catch (error) {
    if (error instanceof LockTimeoutError) return undefined;
    throw error;
  }
}

function quietly(remove: () => unknown): void {
  try {
    remove();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
