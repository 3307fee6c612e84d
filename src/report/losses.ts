/** What keeps the cache from serving a call, one row for each counter: what it means, and what a user can do about it. */
import type { Counter } from '../statistics/counters.ts';

export interface Loss {
  readonly meaning: string;
  /** What to do. Missing if a compile of this kind has nothing that a cache could serve. */
  readonly cure?: string;
}

/** In the order of the counters. Misses come first, whose labels of the Python clcache stay for scripts. */
export const LOSSES = {
  EvictedMisses: {
    meaning: 'its entry was evicted or damaged',
    cure: 'a larger limit: clcache -M 20G',
  },
  HeaderChangedMisses: {
    meaning: 'a header changed, or another one is found',
    cure: 'clcache --why names the header',
  },
  SourceChangedMisses: {
    meaning: 'new source, options, compiler or folder',
    cure: 'none in a first build; else clcache --why says what differs',
  },
  CallsWithInvalidArgument: {
    meaning: 'the line is not one that the compiler accepts',
    cure: 'correct the line, as the message of the compiler says',
  },
  CallsForPreprocessing: { meaning: 'only preprocesses' },
  CallsForLinking: { meaning: 'compiles and links', cure: 'compile with /c, and link in another call' },
  CallsForExternalDebugInfo: {
    meaning: 'debug information in a shared .pdb (/Zi)',
    cure: 'CLCACHE_Z7=1, ClcacheUseZ7=true or /Z7',
  },
  CallsWithoutSourceFile: { meaning: 'no source: asks the compiler for information' },
  CallsWithMultipleSourceFiles: {
    meaning: 'several sources with /Tc or /Tp',
    cure: '/TC or /TP, or a call for each source',
  },
  CallsWithPch: { meaning: 'precompiled header of cl', cure: 'CLCACHE_PCH=1' },
  CallsWithUnsupportedOption: {
    meaning: 'an option that is not cached',
    cure: 'clcache --why names it; CLCACHE_SAFE_OPTIONS if it touches no file',
  },
  CallsForOtherPrograms: { meaning: 'another program than cl and clang-cl' },
  CallsWithSpecialFile: { meaning: 'a source that is a pipe or a device', cure: 'an ordinary file' },
  FailedCompiles: { meaning: 'the compile failed: nothing to store' },
  NotStored: {
    meaning: 'a file changed while the compiler ran, or an output was missing',
    cure: 'clcache --why names the file',
  },
  LockTimeouts: { meaning: 'a lock of the cache was not free in time', cure: 'clcache --doctor' },
  CacheErrors: { meaning: 'the cache failed', cure: 'clcache --doctor' },
} as const satisfies Partial<Record<Counter, Loss>>;

export type LossCounter = keyof typeof LOSSES;

/** The kinds of a miss. All other losses are calls that were not cached, or results that were not stored. */
export const MISSES = [
  'SourceChangedMisses',
  'HeaderChangedMisses',
  'EvictedMisses',
] as const satisfies readonly LossCounter[];

/** The losses with their counters, in the order of the table. */
export const LOSS_ROWS: readonly (readonly [counter: LossCounter, loss: Loss])[] = Object.entries(LOSSES) as [
  LossCounter,
  Loss,
][];

/** Those that are no misses. */
export const NOT_CACHED_ROWS = LOSS_ROWS.filter(([counter]) => !MISSES.some((miss) => miss === counter));
