/**
 * Keeps the counted size of the cache equal to the size on disk. Every change of the folder is counted in the same
 * step, under the lock of one section of the counters: the one of the key's first digit. A measurement holds that lock
 * as well, and sets the section to what it found.
 */
import { type StillHeld, withFileLocks, withLongFileLock } from '../util/file-lock.ts';
import { makeOwnFolder } from '../util/own-folder.ts';
import {
  addToSection,
  LEVELS_OF_SECTIONS,
  lockOf,
  sectionFolders,
  setSizeOfSection,
} from './statistics-file.ts';

export interface SizeOfCache {
  readonly entries: number;
  readonly bytes: number;
}

export interface SizeAccounts {
  /**
   * Changes what is stored under `key` and counts by how much the cache grew, under the given locks and the lock of the
   * key's section. Throws what the change throws, a `LockTimeoutError`, and system errors.
   */
  record(
    key: string,
    locks: readonly string[],
    change: (stillHeld: StillHeld) => SizeOfCache,
  ): Promise<SizeOfCache>;
  /** Measures everything under keys with this first digit, while nothing of it changes. Throws as `record`. */
  measure<T extends SizeOfCache>(digit: string, look: () => Promise<T>): Promise<T>;
}

/** The accounts of the counters in `directory`. Waits at most `timeoutMs` milliseconds for a lock. */
export function sizeAccounts(directory: string, timeoutMs: number): SizeAccounts {
  const sectionOf = (key: string) => {
    const folder = sectionFolders(directory)[Number.parseInt(key.charAt(0), 16) || 0] ?? directory;
    makeOwnFolder(folder, LEVELS_OF_SECTIONS, true);
    return folder;
  };
  return {
    async record(key, locks, change) {
      const folder = sectionOf(key);
      // If the section's lock is lost between the two, only the counting is repeated.
      let growth: SizeOfCache | undefined;
      return withFileLocks([...locks, lockOf(folder)], timeoutMs, (allHeld, sectionHeld) => {
        growth ??= change(allHeld);
        const { entries, bytes } = growth;
        addToSection(folder, { CacheEntries: entries, CacheSize: bytes }, sectionHeld);
        return growth;
      });
    },
    measure(digit, look) {
      const folder = sectionOf(digit);
      return withLongFileLock(lockOf(folder), timeoutMs, async (isLost) => {
        const found = await look();
        // The process that took the lock over has changed what was measured.
        if (!isLost()) setSizeOfSection(folder, found);
        return found;
      });
    },
  };
}
