/**
 * The counted size of the cache, kept so that it is what lies on the disk: whatever makes the folder grow or shrink does
 * so under the lock of one section of the counters, that of the key's first digit, and counts it there in the same step;
 * whoever measures holds that lock, and puts the section to what was found.
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
   * Makes a change to what is kept under `key`, under the locks given and the one of the key's section, and counts by
   * how much the cache grew. Throws what the change throws, a `LockTimeoutError`, and system errors.
   */
  record(
    key: string,
    locks: readonly string[],
    change: (stillHeld: StillHeld) => SizeOfCache,
  ): Promise<SizeOfCache>;
  /** Measures all that is kept under keys with this first digit, while nothing of it changes. Throws as `record`. */
  measure<T extends SizeOfCache>(digit: string, look: () => Promise<T>): Promise<T>;
}

/** The accounts of the counters in `directory`; waits so many milliseconds for a lock. */
export function sizeAccounts(directory: string, timeoutMs: number): SizeAccounts {
  const sectionOf = (key: string) => {
    const folder = sectionFolders(directory)[Number.parseInt(key.charAt(0), 16) || 0] ?? directory;
    makeOwnFolder(folder, LEVELS_OF_SECTIONS, true);
    return folder;
  };
  return {
    async record(key, locks, change) {
      const folder = sectionOf(key);
      // Should the section's lock be lost between the two, only the counting is done again.
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
        // Whoever took the lock over has changed what was measured.
        if (!isLost()) setSizeOfSection(folder, found);
        return found;
      });
    },
  };
}
