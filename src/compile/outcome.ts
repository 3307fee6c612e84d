import { describeError } from '../diagnostics/errors.ts';
import type { HandOnKind, HandOnReason } from '../explain/hand-on.ts';
import { type CountedMiss, countedAs, type MissCause } from '../explain/miss-causes.ts';
import type { Digest } from '../hash/digest.ts';
import type { Counter, Counts } from '../statistics/counters.ts';
import { addCounts } from '../statistics/statistics.ts';
import type { Growth } from '../storage/store.ts';
import { LockTimeoutError } from '../util/file-lock.ts';

/** How one source of a call ended. */
export type JobOutcome = HitOutcome | CompiledOutcome | PreprocessorFailedOutcome | UncachedOutcome;

export interface HitOutcome {
  readonly kind: 'hit';
  /** How long the compile took that was not needed now, in milliseconds, if that is known. */
  readonly compileMs?: number | undefined;
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
  /** What the lookup found in place of a result. */
  readonly because: MissCause;
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stored: StoreOutcome;
  /** How many artifacts were found that did not verify. */
  readonly damaged: number;
  /** How long the compiler ran, in milliseconds. */
  readonly compileMs?: number;
}

/** What became of the result of a compile. */
export type StoreOutcome =
  | {
      readonly kind: 'stored';
      readonly growth: Growth;
      readonly artifact: Digest;
      /** Why only this tree may have it. Undefined if all may. */
      readonly tiedBy?: string | undefined;
      /** True if another run of the preprocessor may give another text. */
      readonly showsTime?: boolean;
    }
  | { readonly kind: 'compileFailed' }
  /** The result must not be stored, for a reason that is not a failure of the cache. */
  | { readonly kind: 'notStored'; readonly because: string; readonly showsTime?: boolean }
  /** The cache failed, in the lookup or in storing. The compiler's result stands. */
  | { readonly kind: 'cacheFailed'; readonly error: unknown };

const COUNTER_OF_MISS = {
  sourceChanged: 'SourceChangedMisses',
  headerChanged: 'HeaderChangedMisses',
  evicted: 'EvictedMisses',
} as const satisfies Record<CountedMiss, keyof Counts>;

/** What an outcome adds to the statistics. */
export function countsOf(outcome: JobOutcome): Counts {
  const time = 'compileMs' in outcome ? (outcome.compileMs ?? 0) : 0;
  if (outcome.kind === 'hit') return addCounts({ CacheHits: 1 }, { TimeSavedMs: time });
  if (outcome.kind === 'preprocessorFailed') return { FailedCompiles: 1 };
  if (outcome.kind === 'uncached') return { CallsWithUnsupportedOption: 1 };
  const counts: Counts = {
    CacheMisses: 1,
    [COUNTER_OF_MISS[countedAs(outcome.because)]]: 1,
    ...(outcome.damaged > 0 ? { DamagedEntries: outcome.damaged } : {}),
    ...(time > 0 ? { CompileTimeMs: time } : {}),
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

/**
 * What a miss adds to the statistics when its cause is known. A lookup that finds nothing cannot tell an evicted entry
 * from a new source. The record of the earlier call can.
 */
export function countsOfCause(outcome: JobOutcome, cause: MissCause): Counts {
  if (outcome.kind !== 'compiled' || cause.kind !== 'evicted') return {};
  const before = countedAs(outcome.because);
  return before === 'evicted' ? {} : { EvictedMisses: 1, [COUNTER_OF_MISS[before]]: -1 };
}

/** The exit status of an outcome. */
export function statusOf(outcome: JobOutcome): number {
  return outcome.kind === 'hit' ? 0 : outcome.status;
}

/** The counter of a failure of the cache. */
export function counterOfFailure(error: unknown): 'LockTimeouts' | 'CacheErrors' {
  return error instanceof LockTimeoutError ? 'LockTimeouts' : 'CacheErrors';
}

/** The counter for each reason why a call is passed on. Undefined for what is not counted. */
const COUNTER_OF_REASON: Readonly<Record<Exclude<HandOnKind, 'cacheFailed'>, Counter | undefined>> = {
  invalidArgument: 'CallsWithInvalidArgument',
  noSource: 'CallsWithoutSourceFile',
  preprocessing: 'CallsForPreprocessing',
  externalDebugInfo: 'CallsForExternalDebugInfo',
  precompiledHeader: 'CallsWithPch',
  linking: 'CallsForLinking',
  multipleSources: 'CallsWithMultipleSourceFiles',
  unsupportedOption: 'CallsWithUnsupportedOption',
  compilerConfiguration: 'CallsWithUnsupportedOption',
  variable: 'CallsWithUnsupportedOption',
  processor: 'CallsWithUnsupportedOption',
  specialFile: 'CallsWithSpecialFile',
  otherProgram: 'CallsForOtherPrograms',
  noFolder: 'CacheErrors',
  disabled: undefined,
  otherCache: undefined,
};

/** Why the compiler gets a call unchanged, and how it counts. */
export interface HandOn {
  readonly kind: 'handOn';
  readonly reason: HandOnReason;
  readonly counts: Counts;
  /** The name of the option that decided, for the statistics. */
  readonly optionName?: string | undefined;
  /** The server of databases that the compiler must use. Undefined for the usual one. */
  readonly endpoint?: string | undefined;
}

export function handOn(
  kind: Exclude<HandOnKind, 'cacheFailed'>,
  because: string,
  { option, optionName }: { readonly option?: string | undefined } & Pick<HandOn, 'optionName'> = {},
): HandOn {
  const counter = COUNTER_OF_REASON[kind];
  const counts = counter === undefined ? {} : { [counter]: 1 };
  const reason = { kind, because, ...(option !== undefined && { option }) };
  return { kind: 'handOn', reason, counts, ...(optionName !== undefined && { optionName }) };
}

/** The cache failed before anything was compiled. */
export function handOnAfter(error: unknown): HandOn {
  const reason = { kind: 'cacheFailed', because: describeError(error) } as const;
  return { kind: 'handOn', reason, counts: { [counterOfFailure(error)]: 1 } };
}
