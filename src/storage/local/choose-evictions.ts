/** Chooses the items to evict. Pure. */
import type { Section, StoredItem } from './survey.ts';

/** The items of one section to be removed. */
export interface Evictions {
  readonly section: Section;
  readonly items: readonly StoredItem[];
}

/** The part of the limit that is left after an eviction, so that not every following compile evicts again. */
const TARGET = 0.9;
/** The part of that for manifests and for what was learnt. */
const MANIFEST_SHARE = 0.1;

/**
 * Nothing if the whole is below the limit (in bytes). Else the least recently used items, down to 90 % of the limit:
 * manifests and what was learnt down to a tenth of that, entries down to the rest.
 */
export function chooseEvictions(sections: readonly Section[], maximumSize: number): Evictions[] {
  const manifests = candidates(sections.filter(({ kind }) => kind !== 'objects'));
  const objects = candidates(sections.filter(({ kind }) => kind === 'objects'));
  if (bytesOf(manifests) + bytesOf(objects) < maximumSize) return [];
  const target = maximumSize * TARGET;
  const oldManifests = leastRecentlyUsed(manifests, target * MANIFEST_SHARE);
  const oldObjects = leastRecentlyUsed(objects, target - bytesOf(manifests) + bytesOf(oldManifests));
  return [...bySection(oldManifests), ...bySection(oldObjects)];
}

interface Candidate {
  readonly section: Section;
  readonly item: StoredItem;
}

function candidates(sections: readonly Section[]): Candidate[] {
  return sections.flatMap((section) => section.items.map((item) => ({ section, item })));
}

/** The items to remove so that the rest takes at most `allowed` bytes. */
function leastRecentlyUsed(all: readonly Candidate[], allowed: number): Candidate[] {
  const oldestFirst = all.toSorted((left, right) => left.item.lastUsed - right.item.lastUsed);
  let bytes = bytesOf(all);
  const needed = oldestFirst.findIndex(({ item }) => {
    if (bytes <= allowed) return true;
    bytes -= item.bytes;
    return false;
  });
  return needed < 0 ? oldestFirst : oldestFirst.slice(0, needed);
}

function bySection(all: readonly Candidate[]): Evictions[] {
  const grouped = new Map<Section, StoredItem[]>();
  for (const { section, item } of all) {
    const items = grouped.get(section);
    if (items === undefined) grouped.set(section, [item]);
    else items.push(item);
  }
  return [...grouped].map(([section, items]) => ({ section, items }));
}

function bytesOf(all: readonly Candidate[]): number {
  return all.reduce((sum, { item }) => sum + item.bytes, 0);
}
