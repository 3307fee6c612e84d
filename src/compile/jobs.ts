import type { CompileJob } from '../commandline/compile-call.ts';
import { factsOf } from '../commandline/family.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { MissCause } from '../explain/miss-causes.ts';
import { BoundedQueue } from '../util/bounded-queue.ts';
import { type Lookup, lookUp, type Miss, missOf } from './hit/lookup.ts';
import type { EndedJob } from './miss/explain-job.ts';
import { type JobOutcome, statusOf } from './outcome.ts';
import type { Session } from './session.ts';

const NOT_LOOKED_UP = missOf({ kind: 'newKey' }, undefined);
/** How many lookups that wait for another machine run at once. */
const REMOTE_LOOKUPS_AT_ONCE = 16;

/** Who is told of the jobs of a call. */
export interface JobListener {
  /** In the order of the sources. */
  readonly onFinished: (outcome: JobOutcome, job: CompileJob) => void;
  /** What caused a miss, when more is known of it than its lookup said. */
  readonly onExplained: (outcome: JobOutcome, cause: MissCause) => void;
}

/**
 * Serves all sources of a call. Hits are served one after the other. A miss starts its compiler at once, if fewer than
 * `workers` run, and lookups go on meanwhile. Outcomes are reported whole, in the order of the sources.
 *
 * cl compiles all sources, whichever of them fail. clang-cl stops after the first that fails (`ExecuteJobs` in its
 * `Compilation.cpp`). So the sources after a running one are not even served from the cache until it has succeeded,
 * unless `/MP` asks for several at once. Rejects if a compiler cannot be started, after the others have ended.
 */
export async function runJobs(session: Session, { onFinished, onExplained }: JobListener): Promise<void> {
  const { jobs, workers } = session.request.call;
  const compilers = new BoundedQueue(workers);
  const lookUpOf = startLookups(session);
  const finished: ({ readonly outcome: JobOutcome; readonly job: CompileJob } | undefined)[] = [];
  const pending: Promise<void>[] = [];
  let told = 0;
  const { endsAtFirstFailure } = factsOf(session.compiler.record);
  let isOver = false;
  let problem: { readonly error: unknown } | undefined;
  const finish = (index: number, job: CompileJob, outcome: JobOutcome) => {
    finished[index] = { outcome, job };
    isOver ||= endsAtFirstFailure && statusOf(outcome) !== 0;
    for (let next = finished[told]; next; next = finished[told]) {
      onFinished(next.outcome, next.job);
      finished[told++] = undefined;
    }
  };
  for (const [index, job] of jobs.entries()) {
    if (isOver) break;
    const lookup = job.uncached === undefined ? await lookUpOf(job) : NOT_LOOKED_UP;
    if (lookup.kind !== 'miss') {
      finish(index, job, lookup);
    } else {
      const compile = async () => {
        if (isOver) return;
        try {
          const began = performance.now();
          const outcome = await compileMiss(session, job, lookup);
          finish(index, job, outcome);
          const cause = await explain(session, job, { miss: lookup, outcome, ms: performance.now() - began });
          if (cause) onExplained(outcome, cause);
        } catch (error) {
          isOver = true;
          problem ??= { error };
        }
      };
      pending.push(compilers.run(compile));
      if (endsAtFirstFailure && workers === 1) await pending.at(-1);
    }
    // The event loop must turn to notice the streams and ends of compilers.
    if (compilers.isBusy) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(pending);
  if (problem) throw problem.error;
  // After a job that never started there may be jobs that ended. Their output is shown as well.
  for (const rest of finished) if (rest) onFinished(rest.outcome, rest.job);
}

/** With the local folder alone, a lookup begins when it is needed. With remote levels all lookups begin now. */
function startLookups(session: Session): (job: CompileJob) => Promise<Lookup> {
  const lookUpNow = (job: CompileJob) =>
    session.log.profile(`look up ${job.source}`, () => lookUpOrMiss(session, job));
  if (!session.store.refreshManifest) return lookUpNow;
  const queue = new BoundedQueue(REMOTE_LOOKUPS_AT_ONCE);
  const cached = session.request.call.jobs.filter((job) => job.uncached === undefined);
  const started = new Map(cached.map((job) => [job, queue.run(() => lookUpNow(job))]));
  return (job) => started.get(job) ?? lookUpNow(job);
}

/** If the cache fails to answer, the job is a miss whose result is not stored. */
async function lookUpOrMiss(session: Session, job: CompileJob): Promise<Lookup> {
  try {
    return await lookUp(session, job);
  } catch (error) {
    return { ...missOf({ kind: 'cacheFailed', because: describeError(error) }, undefined), failure: error };
  }
}

/** A failure of the cache in one job does not stop the others. The compiler gets the job. */
async function compileMiss(session: Session, job: CompileJob, miss: Miss): Promise<JobOutcome> {
  const { compileAndStore, compileOnly, compileUncached } = await import('./miss/compile-and-store.ts');
  return session.log.profile(`compile ${job.source}`, async () => {
    if (job.uncached !== undefined) return compileUncached(session, job);
    try {
      return await compileAndStore(session, job, miss);
    } catch (error) {
      session.log.trace(() => `${job.source}: compiled without the cache: ${describeError(error)}`);
      return compileOnly(session, job, { ...miss, failure: error });
    }
  });
}

/** Says why a job was no hit, when the user has its result. A failure is only logged. */
async function explain(session: Session, job: CompileJob, ended: EndedJob): Promise<MissCause | undefined> {
  try {
    const { explainJob } = await import('./miss/explain-job.ts');
    return await explainJob(session, job, ended);
  } catch (error) {
    session.log.trace(() => `${job.source}: not explained: ${describeError(error)}`);
    return undefined;
  }
}
