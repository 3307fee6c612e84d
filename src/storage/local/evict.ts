/** Keeps the cache below its limit: the least recently used goes first. Counts nothing and prints nothing. */
import { tryWithLongFileLock } from '../../util/file-lock.ts';
import { layoutOf } from './layout.ts';
import { removeItems, removeLeftovers, removeOldLocks } from './remove.ts';
import {
  leftoversBelow,
  listSections,
  type Section,
  type StoredItem,
  surveySection,
  unusedIn,
} from './survey.ts';
import { chooseVictims, type Victims } from './victims.ts';

export interface ClearOptions {
  readonly cacheDirectory: string;
  /** How long to wait for the lock of a section; the section is left as it is after that. In milliseconds. */
  readonly timeoutMs: number;
  /** Told now and then how far it is; `total` stays the same throughout. */
  readonly progress?: (done: number, total: number) => void;
}

export interface CleanOptions extends ClearOptions {
  /** In bytes, for entries and manifests together. */
  readonly maximumSize: number;
}

/** Manifests count in the bytes, but not as entries. */
export interface CacheSize {
  readonly entries: number;
  readonly bytes: number;
}

export type CleanResult =
  /** Another process is cleaning this cache. */
  | { readonly kind: 'busy' }
  /** `after` is what the statistics are to say, but for what builds add from the start of the cleaning on. */
  | { readonly kind: 'done'; readonly before: CacheSize; readonly after: CacheSize };

/** What a cleaning does once it knows what is there. */
interface Plan {
  readonly victims: (sections: readonly Section[]) => Victims[];
  /** Also what was used since it was looked at. */
  readonly evenIfUsed: boolean;
}

/** How long the event loop may have to wait for us: the cleaning lock is refreshed there. */
const BREATH_MS = 50;

/**
 * If entries and manifests have reached the limit, removes the least recently used of them down to 90 % of it; in any
 * case what killed processes left. Safe beside running builds. Throws system errors if the folder cannot be changed.
 */
export function clean(options: CleanOptions): Promise<CleanResult> {
  return cleanAlone(options, {
    victims: (sections) => chooseVictims(sections, options.maximumSize),
    evenIfUsed: false,
  });
}

/** Removes all entries and manifests, and what was learnt of compilers and headers. Statistics and settings stay. */
export function clear(options: ClearOptions): Promise<CleanResult> {
  const { compilers, headers } = layoutOf(options.cacheDirectory);
  return cleanAlone(options, {
    victims: (sections) => {
      removeLeftovers([compilers, headers]);
      return sections.map((section) => ({ section, items: section.items }));
    },
    evenIfUsed: true,
  });
}

async function cleanAlone(options: ClearOptions, plan: Plan): Promise<CleanResult> {
  const layout = layoutOf(options.cacheDirectory);
  const found = listSections(layout);
  if (found.length === 0) return { kind: 'done', before: sizeOf([]), after: sizeOf([]) };
  const outcome = await tryWithLongFileLock(layout.cleaningLock, async (isLost) => {
    const breathe = breathing((done) => options.progress?.(done, 2 * found.length));
    const sections: Section[] = [];
    for (const section of found) {
      sections.push(surveySection(section));
      await breathe(sections.length);
    }
    removeLeftovers([
      ...sections.flatMap((section) => section.leftovers),
      ...leftoversBelow(layout.statistics),
      ...unusedIn(layout.headers),
    ]);
    removeOldLocks(sections.flatMap((section) => section.oldLocks));

    const gone: Victims[] = [];
    const victims = plan.victims(sections);
    for (const [index, { section, items }] of victims.entries()) {
      if (isLost()) break;
      gone.push({
        section,
        items: await removeItems(section, items, { ...options, evenIfUsed: plan.evenIfUsed }),
      });
      await breathe(found.length + (found.length * (index + 1)) / victims.length);
    }
    return { kind: 'done', ...sizes(sections, gone) } as const;
  });
  return outcome?.value ?? { kind: 'busy' };
}

function sizes(
  sections: readonly Section[],
  gone: readonly Victims[],
): Record<'before' | 'after', CacheSize> {
  const before = sizeOf(sections.map((section) => ({ section, items: section.items })));
  const removed = sizeOf(gone);
  return {
    before,
    after: { entries: before.entries - removed.entries, bytes: before.bytes - removed.bytes },
  };
}

function sizeOf(
  groups: readonly { readonly section: Section; readonly items: readonly StoredItem[] }[],
): CacheSize {
  let entries = 0;
  let bytes = 0;
  for (const { section, items } of groups) {
    if (section.kind === 'objects') entries += items.length;
    for (const item of items) bytes += item.bytes;
  }
  return { entries, bytes };
}

/** Says how far we are, and lets timers and signals have their turn, at most once per `BREATH_MS`. */
function breathing(tell: (done: number) => void): (done: number) => Promise<void> {
  let last = performance.now();
  return async (done) => {
    if (performance.now() - last < BREATH_MS) return;
    tell(done);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    last = performance.now();
  };
}
