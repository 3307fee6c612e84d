/**
 * Keeps the cache below its limit by evicting the least recently used items. Counts nothing itself, and prints nothing.
 */
import { LockTimeoutError, tryWithLongFileLock } from '../../util/file-lock.ts';
import { noAccounts, type SizeAccounts } from '../store.ts';
import { chooseEvictions, type Evictions } from './choose-evictions.ts';
import { emptySection } from './empty-section.ts';
import { ItemRemover } from './item-remover.ts';
import { type Layout, layoutOf } from './layout.ts';
import { leftLocksOf } from './lock-places.ts';
import { removeItems, removeOldLocks } from './remove.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { DIGITS, listSections, type Section, surveySection } from './survey.ts';
import { foreignAmongFolders, isOwnFolder, removeUselessFiles } from './useless-files.ts';

export interface ClearOptions {
  readonly cacheDirectory: string;
  /** How long to wait for the lock of a section, in milliseconds. After that the section is left unchanged. */
  readonly timeoutMs: number;
  /** Informed of what is found and what is removed. */
  readonly accounts?: SizeAccounts;
  /** Called now and then with the progress. `total` stays the same. */
  readonly progress?: (done: number, total: number) => void;
}

export interface CleanOptions extends ClearOptions {
  /** The limit of the whole cache, in bytes. */
  readonly maximumSize: number;
}

/** Manifests and what was learnt count in the bytes, but not as entries. */
export interface CacheSize {
  readonly entries: number;
  readonly bytes: number;
}

export type CleanResult =
  /** Another process is cleaning this cache. */
  { readonly kind: 'busy' } | Cleaned;

interface Cleaned {
  readonly kind: 'done';
  readonly before: CacheSize;
  readonly after: CacheSize;
  /** In one line, what the system did not let it remove. All else is removed. */
  readonly refused?: string;
}

/** After emptying the cache, only what is left is measured. */
export type ClearResult = Extract<CleanResult, { kind: 'busy' }> | Omit<Cleaned, 'before'>;

/** What a cleaning removes after the survey. */
interface Plan {
  readonly evictions: (sections: readonly Section[]) => Evictions[];
  /** True to remove everything: also items used since the survey, and whatever else lies in the folder. */
  readonly isForAll: boolean;
}

/** How long the event loop may be blocked, in milliseconds: it refreshes the locks. */
const LONGEST_BLOCK_MS = 50;

/**
 * If the cache has reached its limit, evicts the least recently used items down to 90 % of the limit. Always removes
 * outdated items and what killed processes left. Safe beside running builds. Throws system errors if the folder cannot
 * be changed at all.
 */
export function clean(options: CleanOptions): Promise<CleanResult> {
  return cleanAlone(options, {
    evictions: (sections) => chooseEvictions(sections, options.maximumSize),
    isForAll: false,
  });
}

/**
 * Evicts every entry and manifest that was not used since a time in milliseconds since 1970. What is used meanwhile stays.
 * Nobody notes when what was learnt is used, so that leaves as in every cleaning. Otherwise as `clean`.
 */
export function evictUnused(options: ClearOptions & { readonly since: number }): Promise<CleanResult> {
  return cleanAlone(options, {
    evictions: (sections) =>
      sections
        .filter(({ kind }) => kind !== 'learnt')
        .map((section) => ({
          section,
          items: section.items.filter(({ lastUsed }) => lastUsed < options.since),
        })),
    isForAll: false,
  });
}

/**
 * Removes all entries and manifests, what was learnt of compilers and headers, and the locks of killed processes.
 * Statistics and settings stay.
 */
export async function clear(options: ClearOptions): Promise<ClearResult> {
  const result = await cleanAlone(options, {
    // What was stored since its section was emptied.
    evictions: (sections) => sections.map((section) => ({ section, items: section.items })),
    isForAll: true,
  });
  if (result.kind === 'busy') return result;
  const { before, ...cleared } = result;
  return cleared;
}

async function cleanAlone(options: ClearOptions, plan: Plan): Promise<CleanResult> {
  const layout = layoutOf(options.cacheDirectory);
  if (plan.isForAll) await removeOldLocks(leftLocksOf(layout));
  if (!isOwnFolder(layout.root)) {
    // A link in place of the format's folder leads out of the cache folder.
    if (plan.isForAll) removeLeftovers([layout.root]);
    return { kind: 'done', before: sizeOf([]), after: sizeOf([]) };
  }
  const outcome = await tryWithLongFileLock(layout.cleaningLock, (isLost) =>
    cleanLocked(layout, options, plan, isLost),
  );
  return outcome?.value ?? { kind: 'busy' };
}

async function cleanLocked(
  layout: Layout,
  options: ClearOptions,
  plan: Plan,
  isLost: () => boolean,
): Promise<CleanResult> {
  const accounts = options.accounts ?? noAccounts(options.timeoutMs);
  if (plan.isForAll) removeLeftovers(foreignAmongFolders(layout));
  const expected = listSections(layout).length;
  const yieldTurn = yielding((done) => options.progress?.(done, 2 * expected));
  const sections: Section[] = [];
  const steps = plan.isForAll ? 2 * expected : expected;
  let step = 0;
  const turn = () => yieldTurn(Math.min(++step, steps));
  const gone: Evictions[] = [];
  const remover = new ItemRemover(layout);
  try {
    remover.takeLeft();
    for (const section of plan.isForAll ? listSections(layout) : []) {
      if (isLost()) break;
      await remover.attempt(() => emptySection(section, options.timeoutMs, remover));
      await turn();
    }
    // On a full disk nothing can be counted before that.
    if (plan.isForAll) await remover.settle();
    for (const digit of DIGITS) {
      if (isLost()) break;
      sections.push(...(await measure(layout, digit, accounts, turn)));
    }
    await removeUselessFiles(layout, sections, plan.isForAll);
    const outdated = sections.map((section) => ({ section, items: section.outdated }));
    const evictions = [...outdated, ...plan.evictions(sections)].filter(({ items }) => items.length > 0);
    for (const [index, { section, items }] of evictions.entries()) {
      if (isLost()) break;
      const removal = { accounts, remover, evenIfUsed: plan.isForAll };
      const removed = await remover.attempt(() => removeItems(section, items, removal));
      if (removed) gone.push({ section, items: removed });
      await yieldTurn(steps + ((2 * expected - steps) * (index + 1)) / evictions.length);
    }
  } finally {
    await remover.end();
  }
  const { refused } = remover;
  return { kind: 'done', ...sizes(sections, gone), ...(refused !== undefined && { refused }) };
}

/** Surveys the sections of one digit. Nothing in them changes meanwhile, if their lock is free in time. */
async function measure(
  layout: Layout,
  digit: string,
  accounts: SizeAccounts,
  surveyedOne: () => Promise<void>,
): Promise<readonly Section[]> {
  let sections: Section[] = [];
  const survey = async () => {
    sections = [];
    // Listed under the lock, so that no folder is missing that is made meanwhile.
    for (const folder of listSections(layout, digit)) {
      sections.push(surveySection(folder));
      await surveyedOne();
    }
    return sizeOf(wholeOf(sections));
  };
  try {
    await accounts.measure(digit, survey);
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
    await survey();
  }
  return sections;
}

function sizes(
  sections: readonly Section[],
  gone: readonly Evictions[],
): Record<'before' | 'after', CacheSize> {
  const before = sizeOf(wholeOf(sections));
  const removed = sizeOf(gone);
  return {
    before,
    after: { entries: before.entries - removed.entries, bytes: before.bytes - removed.bytes },
  };
}

function wholeOf(sections: readonly Section[]): Evictions[] {
  return sections.map((section) => ({ section, items: [...section.items, ...section.outdated] }));
}

function sizeOf(groups: readonly Evictions[]): CacheSize {
  let entries = 0;
  let bytes = 0;
  for (const { section, items } of groups) {
    if (section.kind === 'objects') entries += items.length;
    for (const item of items) bytes += item.bytes;
  }
  return { entries, bytes };
}

/** Reports progress and lets timers and signals run, at most once per `LONGEST_BLOCK_MS`. */
function yielding(report: (done: number) => void): (done: number) => Promise<void> {
  let last = performance.now();
  return async (done) => {
    if (performance.now() - last < LONGEST_BLOCK_MS) return;
    report(done);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    last = performance.now();
  };
}
