import type { CompileJob } from '../commandline/compile-call.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { MissCause } from '../explain/miss-causes.ts';
import type { Counts } from '../statistics/counters.ts';
import { refusedOnce } from '../statistics/refused-options.ts';
import { addCounts } from '../statistics/statistics.ts';
import { addToStatistics } from '../statistics/statistics-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import type { StoreReport } from '../storage/store.ts';
import { cleanIfFull } from './clean-cache.ts';
import type { CompileContext } from './compile-context.ts';
import type { DriverMessages } from './driver-messages.ts';
import type { HandedCall } from './explain-hand-on.ts';
import { findCompiler } from './find-compiler.ts';
import { holdsNothing } from './holds-nothing.ts';
import { runJobs } from './jobs.ts';
import type { KnownFiles } from './open-files.ts';
import { prepare } from './open-session.ts';
import {
  counterOfFailure,
  countsOf,
  countsOfCause,
  type HandOn,
  type JobOutcome,
  statusOf,
} from './outcome.ts';
import { type PassedCall, passThrough } from './pass-through.ts';
import type { Session } from './session.ts';

/**
 * Serves one call of the compiler and returns its exit status. Here, and nowhere else, every failure of the cache
 * becomes "run the compiler". If nothing was compiled yet, the compiler gets the original call. Otherwise its results
 * stand.
 */
export async function compileRequest(argv: readonly string[], context: CompileContext): Promise<number> {
  const { config, self, calledAs } = context;
  const query = { argv, config, self, calledAs, hashesLater: () => holdsNothing(config) };
  const found = await context.profile('find compiler', () => findCompiler(query));
  if (found.kind === 'none') {
    context.warn(found.because);
    return 1;
  }
  if (found.kind === 'handOn') {
    const call = { ...found, record: UNKNOWN_COMPILER };
    return handToCompiler(context, { call, passed: found, handOn: found });
  }
  const prepared = await context.profile('prepare', () => prepare(found, context));
  if (prepared.kind === 'handOn') {
    const { reason, passed } = prepared;
    return handToCompiler(context, { call: { ...found, reason }, passed, handOn: prepared });
  }
  return serve(prepared.session, context, prepared.passed);
}

/** What is handed on before its program is known is read as cl would read it. */
const UNKNOWN_COMPILER = { family: 'cl' } as const;

interface Handed {
  readonly call: HandedCall;
  readonly passed: PassedCall;
  readonly handOn: Counted;
}

type Counted = Pick<HandOn, 'counts' | 'optionName'>;

/**
 * Gives the compiler a call, and says why: in the log before, and for `clcache --why` afterwards. A failure to say it does
 * not stop the call.
 */
async function handToCompiler(context: CompileContext, { call, passed, handOn }: Handed): Promise<number> {
  const { config, trace } = context;
  if (config.log.kind !== 'off') {
    await quietly(trace, async () => {
      const { wordsOfCall } = await import('./explain-hand-on.ts');
      trace(() => wordsOfCall(call, config));
    });
  }
  const began = performance.now();
  const settled = async () => {
    await count(context, handOn);
    // The cache folder may be the reason for switching clcache off.
    if (call.reason.kind === 'disabled') return;
    await quietly(trace, async () => {
      const { keepHandOn } = await import('./explain-hand-on.ts');
      keepHandOn(call, config, performance.now() - began);
    });
  };
  return passThrough(config, passed, { trace, settled });
}

async function quietly(trace: Trace, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    trace(() => `not explained: ${describeError(error)}`);
  }
}

async function serve(session: Session, context: CompileContext, passed: PassedCall): Promise<number> {
  let counts: Counts = {};
  let hasGrown = false;
  let status = 0;
  let told = 0;
  const { jobs } = session.request.call;
  const messages = jobs.length > 1 ? await driverMessages(session) : undefined;
  let shown = Promise.resolve();
  const show = async ({ stdout, stderr }: JobOutcome) => {
    context.stdout(stdout);
    context.stderr(messages ? await messages.shownOf(stderr) : stderr);
  };
  const settled = () => settle(session, context, { counts, hasGrown });
  try {
    const onFinished = (outcome: JobOutcome, { source }: CompileJob) => {
      told++;
      status ||= statusOf(outcome);
      counts = addCounts(counts, countsOf(outcome));
      hasGrown ||= outcome.kind === 'compiled' && outcome.stored.kind === 'stored';
      // Of what the compiler ran for, the log has more to say.
      if (outcome.kind === 'hit') context.trace(() => `${source}: hit`);
      shown = shown.then(() => show(outcome));
    };
    const onExplained = (outcome: JobOutcome, cause: MissCause) => {
      counts = addCounts(counts, countsOfCause(outcome, cause));
    };
    await runJobs(session, { onFinished, onExplained });
    await shown;
    if (told < jobs.length && messages) context.stderr(await messages.ofTheCall());
  } catch (error) {
    await shown;
    // The compiler could not be run as planned. It gets the sources that are not served yet.
    counts = addCounts(counts, { [counterOfFailure(error)]: 1 });
    context.trace(() => `passed to the compiler: ${describeError(error)}`);
    // If a source has failed, the call has failed.
    if (status === 0) {
      const { restOfCall } = await import('./rest-of-call.ts');
      return passThrough(context.config, restOfCall(session, told, passed), {
        trace: context.trace,
        settled,
      });
    }
  }
  await settled();
  return status;
}

/** Needed only for several sources. */
async function driverMessages(session: Session): Promise<DriverMessages> {
  const { DriverMessages } = await import('./driver-messages.ts');
  return new DriverMessages(session);
}

interface Served {
  readonly counts: Counts;
  readonly hasGrown: boolean;
}

/** Does what remains when the user has the result. A failure changes nothing, because the compiler's answer stands. */
async function settle(
  session: Pick<Session, 'files' | 'store'>,
  context: CompileContext,
  served: Served,
): Promise<void> {
  try {
    await keepBooks(session, context, served);
  } catch (error) {
    context.trace(() => `statistics and stores not updated: ${describeError(error)}`);
  }
}

/** Sends to further stores, counts, and keeps the cache below its limit. */
async function keepBooks(
  session: Pick<Session, 'files' | 'store'>,
  context: CompileContext,
  { counts, hasGrown }: Served,
): Promise<void> {
  await keepHeaders(session.files, context.trace);
  const report = await context.profile('further levels', async () => session.store.finish?.());
  if (report) await countRemotes(context, report);
  await context.profile('statistics', () => count(context, { counts }));
  if (hasGrown || (report?.growth.bytes ?? 0) > 0) {
    const { cacheDirectory, lockTimeoutMs } = context.config;
    await cleanIfFull(cacheDirectory, lockTimeoutMs, context.trace);
  }
}

async function countRemotes({ config, trace }: CompileContext, report: StoreReport): Promise<void> {
  try {
    const { addToRemoteStatistics } = await import('../statistics/remote-statistics.ts');
    const { statistics } = layoutOf(config.cacheDirectory);
    await addToRemoteStatistics(statistics, report.remotes, config.lockTimeoutMs);
  } catch (error) {
    trace(() => `remote stores not counted: ${describeError(error)}`);
  }
}

/** Stores what was learnt of headers for other calls. A failure is only logged. */
async function keepHeaders({ memory }: Pick<KnownFiles, 'memory'>, trace: Trace): Promise<void> {
  try {
    await memory.save();
  } catch (error) {
    trace(() => `headers not remembered: ${describeError(error)}`);
  }
}

/** Counting must never fail a call. What cannot be counted is logged. */
async function count({ config, trace }: CompileContext, { counts, optionName }: Counted): Promise<void> {
  let hasFailed = (counts.CacheErrors ?? 0) > 0;
  try {
    const refused = optionName === undefined ? {} : refusedOnce(optionName);
    const { statistics } = layoutOf(config.cacheDirectory);
    await addToStatistics(statistics, { counts, refused }, config.lockTimeoutMs);
  } catch (error) {
    hasFailed = true;
    trace(() => `not counted: ${describeError(error)}`);
  }
  if (!hasFailed) return;
  const { whyNotWritable } = await import('../storage/local/writable.ts');
  const refusal = whyNotWritable(config.cacheDirectory);
  if (refusal !== undefined) trace(() => refusal);
}
