import type { CompileJob } from '../../commandline/compile-call.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { wordsOfCauses } from '../../explain/words.ts';
import type { Miss } from '../hit/lookup.ts';
import type { CompiledOutcome, JobOutcome, StoreOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';

/** A job that the cache could not serve at first, and how it ended. */
export interface EndedJob {
  readonly miss: Miss;
  readonly outcome: JobOutcome;
  /** How long the job took, in milliseconds. */
  readonly ms: number;
}

/** Says in the log why a job was no hit, and what became of its result. */
export function explainJob(
  { log, tree }: Pick<Session, 'log' | 'tree'>,
  job: CompileJob,
  { outcome }: EndedJob,
): void {
  switch (outcome.kind) {
    case 'hit':
      return;
    case 'preprocessorFailed':
      log.trace(() => `${job.source}: not stored: the preprocessor refused it`);
      return;
    case 'uncached':
      log.trace(() => `${job.source}: handed on: ${job.uncached}`);
      return;
    case 'compiled': {
      const causes = causesOf(outcome);
      log.trace(() => `${job.source}: miss: ${wordsOfCauses(causes, tree.roots)}`);
      log.trace(() => `${job.source}: ${wordsOfStore(outcome.stored)}`);
    }
  }
}

function causesOf({ because, stored }: Pick<CompiledOutcome, 'because' | 'stored'>): readonly MissCause[] {
  if (because.kind === 'text' && 'showsTime' in stored && stored.showsTime) return [{ kind: 'time' }];
  const tiedBy = stored.kind === 'stored' ? stored.tiedBy : undefined;
  return [because.kind === 'otherTree' && tiedBy !== undefined ? { ...because, tiedBy } : because];
}

function wordsOfStore(stored: StoreOutcome): string {
  switch (stored.kind) {
    case 'stored':
      return 'stored';
    case 'compileFailed':
      return 'not stored: the compile failed';
    case 'notStored':
      return `not stored: ${stored.because}`;
    case 'cacheFailed':
      return `not stored: ${describeError(stored.error)}`;
  }
}
