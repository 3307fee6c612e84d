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

/** In no-direct mode the preprocessor's refusal is the answer, as in the original. */
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
  /** Artifacts that were found and did not verify. */
  readonly damaged: number;
}

/** What became of the result of a compile. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly growth: Growth }
  | { readonly kind: 'compileFailed' }
  /** The result may not be stored, for a reason that is no failure of ours. */
  | { readonly kind: 'notStored'; readonly because: string }
  /** The cache failed us, on the way in or out; the compiler's result stands. */
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
      // By what the cache grew was counted where it did.
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

/** What the log says of an outcome. */
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

/** The exit status that an outcome asks for. */
export function statusOf(outcome: JobOutcome): number {
  return outcome.kind === 'hit' ? 0 : outcome.status;
}

/** Every failure of the cache is counted as something. */
export function counterOfFailure(error: unknown): 'LockTimeouts' | 'CacheErrors' {
  return error instanceof LockTimeoutError ? 'LockTimeouts' : 'CacheErrors';
}

/** A call that is handed on is counted by why. */
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
