/**
 * Keeps the counted size of the cache equal to the size on disk. Every change of the folder is counted in the same
 * step, under the lock of one section of the counters: the one of the key's first digit. A measurement holds that lock
 * as well, and sets the section to what it found.
 */
import { type StillHeld, withFileLocks, withLongFileLock } from '../util/file-lock.ts';
import { addToSection, prepareSection, type StatisticsPlace, setSizeOfSection } from './statistics-file.ts';

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

/** The accounts of the counters at a place. Waits at most `timeoutMs` milliseconds for a lock. */
export function sizeAccounts(place: StatisticsPlace, timeoutMs: number): SizeAccounts {
  const sectionOf = (key: string) => {
    const sections = place.sections();
    const section = sections[(Number.parseInt(key.charAt(0), 16) || 0) % sections.length];
    if (section === undefined) throw new RangeError('no section of the counters');
    prepareSection(section);
    return section;
  };
  return {
    async record(key, locks, change) {
      const section = sectionOf(key);
      // If the section's lock is lost between the two, only the counting is repeated.
      let growth: SizeOfCache | undefined;
      return withFileLocks([...locks, section.lock], timeoutMs, (allHeld, sectionHeld) => {
        growth ??= change(allHeld);
        const { entries, bytes } = growth;
        addToSection(section, { CacheEntries: entries, CacheSize: bytes }, sectionHeld);
        return growth;
      });
    },
    measure(digit, look) {
      const section = sectionOf(digit);
      return withLongFileLock(section.lock, timeoutMs, async (isLost) => {
        const found = await look();
        // The process that took the lock over has changed what was measured.
        if (!isLost()) setSizeOfSection(section, found);
        return found;
      });
    },
  };
}
