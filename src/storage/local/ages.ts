/** How much of the cache was used how long ago. */
import type { Layout } from './layout.ts';
import { listSections, type StoredItem, surveySection } from './survey.ts';
import { isOwnFolder } from './useless-files.ts';

/** What is of one age. Manifests and what was learnt count in the bytes, but not as entries. */
export interface AgeGroup {
  readonly entries: number;
  readonly bytes: number;
}

interface AgeOptions {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** The upper ends of the groups, in milliseconds, in ascending order. */
  readonly limits: readonly number[];
  /** Called after each section. Between two of them, timers run. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * The size of what is stored by the time since its last use: a group for each limit, and one for all that is older. Only
 * reads. What other calls store or remove meanwhile may be missing. Without a cache folder all groups are empty.
 */
export async function sizesByAge(layout: Layout, options: AgeOptions): Promise<readonly AgeGroup[]> {
  const { now, limits, progress } = options;
  const groups = Array.from({ length: limits.length + 1 }, () => ({ entries: 0, bytes: 0 }));
  // A link in place of the format's folder leads out of the cache folder.
  const sections = isOwnFolder(layout.root) ? listSections(layout) : [];
  for (const [index, folder] of sections.entries()) {
    const { items, outdated, kind } = surveySection(folder);
    for (const item of [...items, ...outdated]) {
      const group = groups[groupOf(item, now, limits)];
      if (!group) continue;
      group.bytes += item.bytes;
      if (kind === 'objects') group.entries += 1;
    }
    progress?.(index + 1, sections.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return groups;
}

/** A use in the future was seen by a clock that was set back since, and counts as one of now. */
function groupOf({ lastUsed }: StoredItem, now: number, limits: readonly number[]): number {
  const found = limits.findIndex((limit) => now - lastUsed < limit);
  return found < 0 ? limits.length : found;
}
