import { readFileSync } from 'node:fs';
import { classify } from '../commandline/classify.ts';
import type { CommandLineHost, CompileCall } from '../commandline/compile-call.ts';
import { expandCommandLine } from '../commandline/environment.ts';
import { compilerIdentity, lookUpCompiler } from '../compiler/compiler-record.ts';
import {
  compilerEnvironment,
  environmentParts,
  otherNameOfFolder,
  reportingVariable,
} from '../compiler/environment.ts';
import { type Located, locateCompiler } from '../compiler/locate.ts';
import type { Config } from '../config/config.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Profile } from '../diagnostics/profile.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { FileHasher } from '../hash/file-hasher.ts';
import type { Counts } from '../statistics/counters.ts';
import { addCounts } from '../statistics/statistics.ts';
import { addToStatistics } from '../statistics/statistics-file.ts';
import { compilerFile, hashesFile, headersFile, layoutOf } from '../storage/local/layout.ts';
import { openStore } from '../storage/open-store.ts';
import type { StoreReport } from '../storage/store.ts';
import { environmentValue } from '../util/environment.ts';
import { statIfThere } from '../util/file-stat.ts';
import { absoluteFile } from '../util/paths.ts';
import { cleanIfFull } from './clean-cache.ts';
import { withoutRepeatedDriverMessages } from './driver-messages.ts';
import { runJobs } from './jobs.ts';
import { KnownHeaders } from './known-headers.ts';
import { COUNTER_OF_REASON, counterOfFailure, countsOf, statusOf } from './outcome.ts';
import { passThrough } from './pass-through.ts';
import { rootsOf, type Session } from './session.ts';

export interface CompileContext {
  readonly config: Config;
  readonly trace: Trace;
  readonly profile: Profile;
  /** Real path of this program. */
  readonly self: string;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
}

/**
 * Serves one call of the compiler and returns its exit status. This is the one place where every failure of the cache
 * turns into "run the compiler": before anything was compiled the call is handed on as it came, afterwards the
 * compiler's answer stands.
 */
export async function compileRequest(argv: readonly string[], context: CompileContext): Promise<number> {
  const { config, trace } = context;
  const located = locate(argv, context);
  if (located.kind === 'notFound') {
    context.stderr(Buffer.from(`clcache: no compiler found: searched ${located.searched}\n`));
    return 1;
  }
  const handOn = () => passThrough(config, located.compiler, located.arguments);
  if (config.disabled) {
    trace(() => `disabled; calling ${located.compiler}`);
    return handOn();
  }
  const prepared = await context.profile('prepare', () => prepare(located, context));
  if (prepared.kind === 'handOn') {
    trace(() => `not cached: ${prepared.because}`);
    const status = await handOn();
    await count(context, prepared.counts);
    return status;
  }
  return serve(prepared.session, context, handOn);
}

function locate(argv: readonly string[], { config, self }: CompileContext): Located {
  return locateCompiler({
    arguments: argv,
    configured: config.compiler,
    environment: config.environment,
    style: config.style,
    workingDirectory: config.workingDirectory,
    self,
  });
}

type Prepared =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'handOn'; readonly because: string; readonly counts: Counts };

async function prepare(
  located: Extract<Located, { kind: 'found' }>,
  context: CompileContext,
): Promise<Prepared> {
  try {
    return await openSession(located, context);
  } catch (error) {
    return { kind: 'handOn', because: describeError(error), counts: { [counterOfFailure(error)]: 1 } };
  }
}

async function openSession(
  { compiler, arguments: args }: Extract<Located, { kind: 'found' }>,
  context: CompileContext,
): Promise<Prepared> {
  const { config, trace } = context;
  const { environment, style, workingDirectory, cacheDirectory } = config;
  const layout = layoutOf(cacheDirectory);
  const answerFile = (name: string) => compilerFile(layout, name);
  const withoutOutputPipe = compilerEnvironment(environment, style, []);
  const record = await lookUpCompiler({
    compiler,
    environment: withoutOutputPipe,
    workingDirectory,
    recordFile: answerFile,
    withContents: config.compilerCheck.kind === 'content',
  });
  const host: CommandLineHost = {
    family: record.family,
    clangVersion: record.clangVersion,
    style,
    workingDirectory,
    fileExists: (path) => statIfThere(absoluteFile(style, workingDirectory, path))?.isFile() ?? false,
  };
  const variables = {
    CL: environmentValue(environment, style, 'CL'),
    _CL_: environmentValue(environment, style, '_CL_'),
  };
  const expanded = expandCommandLine(args, variables, host, readIfThere);
  if (expanded.kind === 'passThrough')
    return { kind: 'handOn', because: expanded.because, counts: { CallsWithInvalidArgument: 1 } };
  const classified = classify(expanded.arguments, host, processorsFor(expanded.arguments, config));
  if (classified.kind === 'uncacheable') {
    return {
      kind: 'handOn',
      because: classified.because,
      counts: { [COUNTER_OF_REASON[classified.reason]]: 1 },
    };
  }
  const reporting = reportingVariable(environment, style);
  if (reporting !== undefined) {
    return { kind: 'handOn', because: `${reporting} is set`, counts: { CallsWithUnsupportedOption: 1 } };
  }
  const { call } = classified;
  if (hasMissingSource(call, host)) {
    return { kind: 'handOn', because: 'a source is missing', counts: { CallsWithoutSourceFile: 1 } };
  }
  const hasher = new FileHasher();
  const session: Session = {
    config,
    trace,
    profile: context.profile,
    warn: (line) => context.stderr(Buffer.from(`clcache: ${line}\n`)),
    compiler,
    record,
    identity: compilerIdentity(record, config.compilerCheck),
    call,
    environmentParts: [
      ...environmentParts(environment, style, record.family, call.searchVariables),
      ...(style === 'posix' ? otherNameOfFolder(environment, workingDirectory) : []),
    ],
    compilerEnvironment: compilerEnvironment(environment, style, expanded.foldedVariables),
    roots: rootsOf(config),
    hasher,
    headers: new KnownHeaders(
      config.hashCache ? (name) => headersFile(layout, name) : undefined,
      record.family,
    ),
    store: await openStore(config, trace),
    answerFile,
    hashesFile: (key) => hashesFile(layout, key),
  };
  return { kind: 'session', session };
}

/** Asked of the system only for a bare `/MP`: it takes a module that a hit does not need. */
function processorsFor(args: readonly string[], config: Pick<Config, 'processorCount'>): number {
  return args.some((argument) => /^[-/]MP$/.test(argument)) ? config.processorCount : 1;
}

/** A call with a source that is not there is the compiler's to refuse: clang-cl then compiles none of them. */
function hasMissingSource({ jobs }: CompileCall, host: CommandLineHost): boolean {
  return jobs.length > 1 && jobs.some(({ source }) => !host.fileExists(source));
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

async function serve(
  session: Session,
  context: CompileContext,
  handOn: () => Promise<number>,
): Promise<number> {
  let counts: Counts = {};
  let status: number | undefined;
  let first: Uint8Array | undefined;
  let told = 0;
  const { family } = session.record;
  try {
    await runJobs(session, (outcome) => {
      status ||= statusOf(outcome);
      counts = addCounts(counts, countsOf(outcome));
      context.stdout(outcome.stdout);
      const language = session.call.jobs[told++]?.language ?? 'c';
      const { stderr } = outcome;
      context.stderr(first ? withoutRepeatedDriverMessages(family, first, { stderr, language }) : stderr);
      first ??= outcome.stderr;
    });
  } catch (error) {
    // Not even the compiler could be run our way. If nothing was shown yet, the call goes out as it came in.
    if (status !== undefined) throw error;
    context.trace(() => `handed on: ${describeError(error)}`);
    counts = addCounts(counts, { [counterOfFailure(error)]: 1 });
    status = await handOn();
  }
  keepHeaders(session);
  const report = await context.profile('further levels', async () => session.store.finish?.());
  if (report) {
    counts = addCounts(counts, { CacheEntries: report.growth.entries, CacheSize: report.growth.bytes });
    await countRemotes(context, report);
  }
  await context.profile('statistics', () => count(context, counts));
  if ((counts.CacheSize ?? 0) > 0) {
    const { cacheDirectory, lockTimeoutMs } = session.config;
    await cleanIfFull(cacheDirectory, lockTimeoutMs, session.trace);
  }
  return status ?? 0;
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

/** What was learnt of headers is kept for other calls, if that can be done. */
function keepHeaders({ headers, trace }: Session): void {
  try {
    headers.save();
  } catch (error) {
    trace(() => `headers not kept: ${describeError(error)}`);
  }
}

/** Counting is never a reason to fail: what cannot be counted is traced. */
async function count({ config, trace }: CompileContext, counts: Counts): Promise<void> {
  try {
    await addToStatistics(layoutOf(config.cacheDirectory).statistics, counts, config.lockTimeoutMs);
  } catch (error) {
    trace(() => `not counted: ${describeError(error)}`);
  }
}
