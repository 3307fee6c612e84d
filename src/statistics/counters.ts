/**
 * The counters, one row each. Those of the Python clcache come first, with its names, labels and order, for scripts.
 */

export type CounterGroup = 'size' | 'hits' | 'misses' | 'passedThrough' | 'notStored' | 'trouble' | 'time';

export interface CounterRow {
  /** The label in `clcache -s`, at most 26 characters. */
  readonly label: string;
  readonly group: CounterGroup;
  /** True if the counter describes the contents of the cache folder. A reset does not change it. */
  readonly survivesReset?: true;
  /** True if the counter is also counted down, perhaps in another section than that which counted it up. */
  readonly falls?: true;
}

export const COUNTERS = {
  CacheSize: { label: 'cache size', group: 'size', survivesReset: true, falls: true },
  CacheEntries: { label: 'cache entries', group: 'size', survivesReset: true, falls: true },
  CacheHits: { label: 'cache hits', group: 'hits' },
  CacheMisses: { label: 'total', group: 'misses' },
  EvictedMisses: { label: 'evicted', group: 'misses' },
  HeaderChangedMisses: { label: 'header changed', group: 'misses', falls: true },
  SourceChangedMisses: { label: 'source changed', group: 'misses', falls: true },
  CallsWithInvalidArgument: { label: 'called w/ invalid argument', group: 'passedThrough' },
  CallsForPreprocessing: { label: 'called for preprocessing', group: 'passedThrough' },
  CallsForLinking: { label: 'called for linking', group: 'passedThrough' },
  CallsForExternalDebugInfo: { label: 'called for external debug', group: 'passedThrough' },
  CallsWithoutSourceFile: { label: 'called w/o source', group: 'passedThrough' },
  CallsWithMultipleSourceFiles: { label: 'called w/ multiple sources', group: 'passedThrough' },
  CallsWithPch: { label: 'called w/ PCH', group: 'passedThrough' },
  /** An option that the table does not know, or one whose output cannot be kept. */
  CallsWithUnsupportedOption: { label: 'called w/ unsupported opt.', group: 'passedThrough' },
  /** A program that is neither cl nor clang-cl. */
  CallsForOtherPrograms: { label: 'called for other programs', group: 'passedThrough' },
  /** A source that is a pipe, a device or a descriptor. */
  CallsWithSpecialFile: { label: 'called w/ pipe or device', group: 'passedThrough' },
  FailedCompiles: { label: 'failed compiles', group: 'notStored' },
  /** A compile that succeeded but was not stored, because a file changed meanwhile or an output was missing. */
  NotStored: { label: 'changed or incomplete', group: 'notStored' },
  LockTimeouts: { label: 'lock timeouts', group: 'trouble' },
  /** An entry that did not verify. It counts as a miss as well, and is replaced. */
  DamagedEntries: { label: 'damaged entries', group: 'trouble' },
  /** A failure of the cache: the compiler did the work, or the result was not stored. */
  CacheErrors: { label: 'cache errors', group: 'trouble' },
  /** What the compiles of the hits took when their results were stored, in milliseconds. */
  TimeSavedMs: { label: 'compile time saved', group: 'time' },
  /** How long compilers ran because of misses, in milliseconds. */
  CompileTimeMs: { label: 'compile time of misses', group: 'time' },
} as const satisfies Record<string, CounterRow>;

export type Counter = keyof typeof COUNTERS;

/** By how much some counters grow or shrink. */
export type Counts = Readonly<Partial<Record<Counter, number>>>;

/** The value of every counter. */
export type Totals = Readonly<Record<Counter, number>>;

export const COUNTER_NAMES = Object.keys(COUNTERS) as readonly Counter[];

/** True for a counter that may be negative in a section. */
export function falls(counter: Counter): boolean {
  const row: CounterRow = COUNTERS[counter];
  return row.falls === true;
}

/** True for a counter that describes the contents of the cache folder (size, entries). */
export function survivesReset(counter: Counter): boolean {
  const row: CounterRow = COUNTERS[counter];
  return row.survivesReset === true;
}
