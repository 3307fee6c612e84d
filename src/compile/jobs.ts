import type { CompileJob } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import { BoundedQueue } from '../util/bounded-queue.ts';
import { type Lookup, lookUp, type Miss, missOf } from './lookup.ts';
import { type JobOutcome, statusOf } from './outcome.ts';
import type { Session } from './session.ts';

/** Lookups that wait for another machine go out together. */
const REMOTE_LOOKUPS_AT_ONCE = 16;

/**
 * Serves all sources of a call. Hits are served one after the other as fast as the disk allows; a miss starts its
 * compiler at once, as long as fewer than `workers` run, and lookups go on meanwhile. Outcomes are told whole and in
 * the order of the sources. After a failure no further compiler is started. Rejects when a compiler cannot be started.
 */
export async function runJobs(session: Session, onFinished: (outcome: JobOutcome) => void): Promise<void> {
  const { jobs, workers } = session.call;
  const compilers = new BoundedQueue(workers);
  const lookUpOf = startLookups(session);
  const finished: (JobOutcome | undefined)[] = [];
  const pending: Promise<void>[] = [];
  let told = 0;
  let hasFailed = false;
  let problem: { readonly error: unknown } | undefined;
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
    const lookup = await lookUpOf(job);
    if (lookup.kind !== 'miss') {
      finish(index, lookup);
    } else {
      const compile = async () => {
        if (hasFailed) return;
        try {
          finish(index, await compileMiss(session, job, lookup));
        } catch (error) {
          hasFailed = true;
          problem ??= { error };
        }
      };
      pending.push(compilers.run(compile));
    }
    // The compilers' streams and ends are only noticed between two turns of the event loop.
    if (compilers.isBusy) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(pending);
  if (problem) throw problem.error;
  // Behind a job that never started there may be some that ended: their output is shown all the same.
  for (const outcome of finished) if (outcome) onFinished(outcome);
}

/** With the local folder alone a lookup begins when it is wanted; with further levels all begin now. */
function startLookups(session: Session): (job: CompileJob) => Promise<Lookup> {
  const lookUpNow = (job: CompileJob) =>
    session.profile(`look up ${job.source}`, () => lookUpOrMiss(session, job));
  if (!session.store.refreshManifest) return lookUpNow;
  const queue = new BoundedQueue(REMOTE_LOOKUPS_AT_ONCE);
  const started = new Map(session.call.jobs.map((job) => [job, queue.run(() => lookUpNow(job))]));
  return (job) => started.get(job) ?? lookUpNow(job);
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
