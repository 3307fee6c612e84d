import type { CompileJob } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import { type Lookup, lookUp, type Miss, missOf } from './lookup.ts';
import { type JobOutcome, statusOf } from './outcome.ts';
import type { Session } from './session.ts';

/**
 * Serves all sources of a call. Hits are served one after the other as fast as the disk allows; a miss starts its
 * compiler at once, as long as fewer than `workers` run, and lookups go on meanwhile. Outcomes are told whole and in
 * the order of the sources. After a failure no further compiler is started.
 */
export async function runJobs(
  session: Session,
  workers: number,
  onFinished: (outcome: JobOutcome) => void,
): Promise<void> {
  const { jobs } = session.call;
  const queue = new CompilerQueue(workers);
  const finished: (JobOutcome | undefined)[] = [];
  const pending: Promise<void>[] = [];
  let told = 0;
  let hasFailed = false;
  const finish = (index: number, outcome: JobOutcome) => {
    finished[index] = outcome;
    hasFailed ||= statusOf(outcome) !== 0;
    for (let next = finished[told]; next; next = finished[told]) {
      onFinished(next);
      finished[told++] = undefined;
    }
  };
  for (const [index, job] of jobs.entries()) {
    if (hasFailed) break;
    const lookup = await session.profile(`look up ${job.source}`, () => lookUpOrMiss(session, job));
    if (lookup.kind !== 'miss') {
      finish(index, lookup);
    } else {
      const compile = async () => {
        if (!hasFailed) finish(index, await compileMiss(session, job, lookup));
      };
      pending.push(queue.run(compile));
    }
    // The compilers' streams and ends are only noticed between two turns of the event loop.
    if (queue.isBusy) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(pending);
  // Behind a job that never started there may be some that ended: their output is shown all the same.
  for (const outcome of finished) if (outcome) onFinished(outcome);
}

/** A cache that fails to answer is a miss whose result is not stored. */
async function lookUpOrMiss(session: Session, job: CompileJob): Promise<Lookup> {
  try {
    return await lookUp(session, job);
  } catch (error) {
    session.trace(() => `${job.source}: the cache failed: ${describeError(error)}`);
    return { ...missOf('sourceChanged', undefined), failure: error };
  }
}

async function compileMiss(session: Session, job: CompileJob, miss: Miss): Promise<JobOutcome> {
  const { compileAndStore } = await import('./compile-and-store.ts');
  return session.profile(`compile ${job.source}`, () => compileAndStore(session, job, miss));
}

/** Bounds how many compilers run at once; those that wait start in order. */
class CompilerQueue {
  readonly #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isBusy(): boolean {
    return this.#running > 0;
  }

  async run(task: () => Promise<void>): Promise<void> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      await task();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
