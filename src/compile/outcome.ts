import type { UncacheableReason } from '../commandline/compile-call.ts';
import type { Counter, Counts } from '../statistics/counters.ts';
import type { Growth } from '../storage/store.ts';
import { LockTimeoutError } from '../util/file-lock.ts';

export type MissReason = 'sourceChanged' | 'headerChanged' | 'evicted';

/** How one source of a call ended. */
export type JobOutcome = HitOutcome | CompiledOutcome | PreprocessorFailedOutcome | UncachedOutcome;

export interface HitOutcome {
  readonly kind: 'hit';
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** In preprocessor mode the preprocessor failed. Its output is the answer, as in the Python clcache. */
export interface PreprocessorFailedOutcome {
  readonly kind: 'preprocessorFailed';
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** A source of a kind that is not cached, in a call with others that are. */
export interface UncachedOutcome {
  readonly kind: 'uncached';
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface CompiledOutcome {
  readonly kind: 'compiled';
  readonly because: MissReason;
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stored: StoreOutcome;
  /** How many artifacts were found that did not verify. */
  readonly damaged: number;
}

/** What became of the result of a compile. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly growth: Growth }
  | { readonly kind: 'compileFailed' }
  /** The result must not be stored, for a reason that is not a failure of the cache. */
  | { readonly kind: 'notStored'; readonly because: string }
  /** The cache failed, in the lookup or in storing. The compiler's result stands. */
  | { readonly kind: 'cacheFailed'; readonly error: unknown };

const COUNTER_OF_MISS = {
  sourceChanged: 'SourceChangedMisses',
  headerChanged: 'HeaderChangedMisses',
  evicted: 'EvictedMisses',
} as const satisfies Record<MissReason, keyof Counts>;

/** What an outcome adds to the statistics. */
export function countsOf(outcome: JobOutcome): Counts {
  if (outcome.kind === 'hit') return { CacheHits: 1 };
  if (outcome.kind === 'preprocessorFailed') return { FailedCompiles: 1 };
  if (outcome.kind === 'uncached') return { CallsWithUnsupportedOption: 1 };
  const counts: Counts = {
    CacheMisses: 1,
    [COUNTER_OF_MISS[outcome.because]]: 1,
    ...(outcome.damaged > 0 ? { DamagedEntries: outcome.damaged } : {}),
  };
  const { stored } = outcome;
  switch (stored.kind) {
    case 'stored':
      // The growth of the cache was counted where the entry was stored.
      return counts;
    case 'compileFailed':
      return { ...counts, FailedCompiles: 1 };
    case 'notStored':
      return { ...counts, NotStored: 1 };
    case 'cacheFailed':
      return { ...counts, [counterOfFailure(stored.error)]: 1 };
  }
}

const WORDS_OF_MISS: Readonly<Record<MissReason, string>> = {
  sourceChanged: 'never compiled before: a new source, other options, another compiler or another folder',
  headerChanged: 'a header changed, or another one would be found now',
  evicted: 'its entry was evicted to make room',
};

/** The text for an outcome in the log. */
export function wordsFor(outcome: JobOutcome): string {
  switch (outcome.kind) {
    case 'hit':
      return 'hit';
    case 'preprocessorFailed':
      return 'the preprocessor refused it';
    case 'uncached':
      return 'compiled, not cached';
    case 'compiled':
      return `miss: ${outcome.damaged > 0 ? 'its entry was damaged' : WORDS_OF_MISS[outcome.because]}`;
  }
}

/** The exit status of an outcome. */
export function statusOf(outcome: JobOutcome): number {
  return outcome.kind === 'hit' ? 0 : outcome.status;
}

/** The counter of a failure of the cache. */
export function counterOfFailure(error: unknown): 'LockTimeouts' | 'CacheErrors' {
  return error instanceof LockTimeoutError ? 'LockTimeouts' : 'CacheErrors';
}

/** The counter for each reason why a call is passed on. */
export const COUNTER_OF_REASON: Readonly<Record<UncacheableReason, Counter>> = {
  invalidArgument: 'CallsWithInvalidArgument',
  noSource: 'CallsWithoutSourceFile',
  preprocessing: 'CallsForPreprocessing',
  externalDebugInfo: 'CallsForExternalDebugInfo',
  precompiledHeader: 'CallsWithPch',
  linking: 'CallsForLinking',
  multipleSources: 'CallsWithMultipleSourceFiles',
  unsupportedOption: 'CallsWithUnsupportedOption',
};
