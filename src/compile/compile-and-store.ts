import { readFileSync } from 'node:fs';
import type { CompileJob } from '../commandline/compile-call.ts';
import { headerListArguments } from '../commandline/preprocess.ts';
import { type CompilerCall, type CompilerResult, runCompiler } from '../compiler/run.ts';
import { scanSource } from '../compiler/source-scan.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { CompileResult } from './compile-result.ts';
import { HeaderWatch } from './header-watch.ts';
import { splitOutput } from './include-notes.ts';
import { lookUpText, type Miss } from './lookup.ts';
import type { CompiledOutcome, HitOutcome, StoreOutcome } from './outcome.ts';
import { separateLinks, snapshotOutputs } from './output-files.ts';
import { absolute, type Session } from './session.ts';
import { storeResult } from './store-result.ts';

/** Compiles a job that the cache could not serve, and stores what it left. Rejects only if the compiler cannot be started. */
export async function compileAndStore(
  session: Session,
  job: CompileJob,
  missed: Miss,
): Promise<CompiledOutcome | HitOutcome> {
  const miss = await withTextIfVolatile(session, job, missed);
  if (miss.kind !== 'miss') return miss;
  const { showIncludes, addedNotesShow } = session.call;
  const listsApart = showIncludes === 'no' && addedNotesShow;
  const addsNotes = showIncludes === 'no' && !listsApart;
  if (session.config.hardLink) separateLinks(job.outputs, session.trace);
  const before = snapshotOutputs(job.outputs);
  const startedMs = miss.text?.startedMs ?? Date.now();
  const watch = new HeaderWatch(session, job, startedMs);
  const compilerCall = callOf(
    session,
    addsNotes ? ['/showIncludes', ...job.compilerArguments] : job.compilerArguments,
  );
  const isDirect = session.config.direct && session.call.showIncludes !== 'user' && !miss.text;
  const hear = isDirect ? (bytes: Buffer) => watch.hear(bytes) : undefined;
  const [result, listed] = await session.profile(`run the compiler on ${job.source}`, () =>
    Promise.all([
      runCompiler(compilerCall, listsApart ? undefined : hear),
      listsApart ? listHeaders(session, job, hear) : undefined,
    ]),
  );
  await watch.end();
  for (const output of job.outputs) session.hasher.forget(output.path);
  const output = listed
    ? { ...(await splitOutput(session, listed.stderr)), rest: result.stdout }
    : await splitOutput(session, result.stdout);
  const stdout = addsNotes ? output.rest : result.stdout;
  const { stderr } = result;
  const stored = await session.profile(`store the result of ${job.source}`, () =>
    tryToStore(session, job, miss, result, {
      startedMs,
      watch,
      before,
      output,
      areHeadersListed: !listsApart || listed?.status === 0,
      stdout,
      stderr,
    }),
  );
  if (stored.kind !== 'stored') session.trace(() => `${job.source}: not stored: ${reasonOf(stored)}`);
  const { because, damaged } = miss;
  return {
    kind: 'compiled',
    because,
    status: result.status,
    stdout,
    stderr,
    stored,
    damaged: damaged.size,
  };
}

/**
 * Lists the headers by a preprocessor beside the compiler, for a call whose outputs would tell that notes were added.
 * It takes an eighth of the compiler's time.
 */
async function listHeaders(
  session: Session,
  job: CompileJob,
  hear: ((notes: Buffer) => void) | undefined,
): Promise<CompilerResult | undefined> {
  try {
    const listed = await runCompiler(callOf(session, headerListArguments(job)));
    hear?.(listed.stderr);
    return listed;
  } catch (error) {
    // The compile beside it goes on, and is not to be begun again.
    session.trace(() => `${job.source}: its headers could not be listed: ${describeError(error)}`);
    return undefined;
  }
}

function callOf(session: Session, args: readonly string[]): CompilerCall {
  return {
    compiler: session.compiler,
    arguments: args,
    workingDirectory: session.config.workingDirectory,
    environment: session.compilerEnvironment,
  };
}

/**
 * A source that names a time macro itself is keyed on its text before it is compiled: afterwards the text would be
 * that of another second.
 */
async function withTextIfVolatile(session: Session, job: CompileJob, miss: Miss): Promise<Miss | HitOutcome> {
  if (miss.text || !miss.keys) return miss;
  try {
    const bytes = readFileSync(absolute(session, job.source));
    if (!scanSource(bytes, { importReadsTypeLibraries: false }).hasTimeMacro) return miss;
    const lookup = await lookUpText(session, job, miss);
    return lookup.kind === 'preprocessorFailed' ? miss : lookup;
  } catch (error) {
    session.trace(() => `${job.source}: not looked up by its text: ${describeError(error)}`);
    return miss;
  }
}

async function tryToStore(
  session: Session,
  job: CompileJob,
  miss: Miss,
  run: CompilerResult,
  result: CompileResult,
): Promise<StoreOutcome> {
  if (run.status !== 0) return { kind: 'compileFailed' };
  if (miss.failure !== undefined) return { kind: 'cacheFailed', error: miss.failure };
  try {
    return await storeResult(session, job, miss, result);
  } catch (error) {
    return { kind: 'cacheFailed', error };
  }
}

function reasonOf(stored: Exclude<CompiledOutcome['stored'], { kind: 'stored' }>): string {
  switch (stored.kind) {
    case 'compileFailed':
      return 'the compile failed';
    case 'notStored':
      return stored.because;
    case 'cacheFailed':
      return describeError(stored.error);
  }
}
