import { readFileSync } from 'node:fs';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { LANGUAGES } from '../../commandline/languages.ts';
import type { CompilerResult } from '../../compiler/run/run.ts';
import { describeError } from '../../diagnostics/errors.ts';
import { mayNameTime } from '../../source/time-words.ts';
import { loadLockLibrary } from '../../util/lock-library.ts';
import { lookUpText, type Miss } from '../hit/lookup.ts';
import { modeOf } from '../mode.ts';
import type { CompiledOutcome, HitOutcome, StoreOutcome, UncachedOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { withView } from '../view.ts';
import { beginCompile } from './begin-compile.ts';
import type { HeaderList } from './ended-compile.ts';
import type { HeaderWatch } from './header-watch.ts';
import { type HeaderListing, listHeaders } from './list-headers.ts';
import { separateLinks, snapshotOutputs } from './output-files.ts';
import { setDatabasesAside } from './set-aside.ts';

/**
 * Compiles a job that was a miss, and stores the result. Rejects only if the compiler cannot be started. Loads only
 * what starting the compiler takes. The rest is loaded while the compiler runs.
 */
export async function compileAndStore(
  session: Session,
  job: CompileJob,
  missed: Miss,
): Promise<CompiledOutcome | HitOutcome> {
  const miss = await withTextIfVolatile(session, job, missed);
  if (miss.kind !== 'miss') return miss;
  const headers = headerListOf(session, job);
  separateLinks(
    job.outputs.map(({ path }) => path),
    session.log.trace,
  );
  const databasesBack = setDatabasesAside(job.outputs);
  const before = snapshotOutputs(job.outputs);
  const beginning = miss.text?.beginning ?? beginCompile(session, job);
  const own = withView(session.request.view, job, job.compilerArguments);
  const args = headers === 'ownNotes' ? ['/showIncludes', ...own] : own;
  const isWatched = headers !== 'none' && modeOf(session, job, miss) === 'files';
  let hearing: Promise<HeaderWatch>;
  const hearNext = (bytes: Buffer) => {
    hearing = hearing.then((watch) => watch.hear(bytes));
  };
  const hear = isWatched ? hearNext : undefined;
  const running = session.log.profile(`run the compiler on ${job.source}`, () =>
    headers === 'separateRun'
      ? Promise.all([timed(session.compiler.run(args)), listApart(session, job, hear)])
      : Promise.all([timed(session.compiler.run(args, { hear }))]),
  );
  // In a cache that has nothing yet, the compiler that was just started is hashed while it runs.
  session.compiler.identity.get().catch(() => {});
  const loading = Promise.all([import('./finish-compile.ts'), loadLockLibrary(), import('./explain-job.ts')]);
  hearing = loading.then(([{ watchHeaders }]) => watchHeaders(session, job, beginning));
  // Reading the source and asking for the search folders need not wait for the first note.
  if (isWatched) hearNext(Buffer.alloc(0));
  const ended = Promise.all([running, loading]);
  ended.catch(() => databasesBack(1));
  const [[{ run, compileMs }, listed], [{ finishCompile }]] = await ended;
  databasesBack(run.status);
  const watch = await hearing;
  const list = headers === 'separateRun' ? { kind: headers, listing: listed } : { kind: headers };
  return finishCompile(session, { job, miss, beginning, before, watch, run, compileMs, headers: list });
}

/** What a compiler that has just been started answers, and after how many milliseconds. */
async function timed(running: Promise<CompilerResult>) {
  const started = performance.now();
  const run = await running;
  return { run, compileMs: Math.round(performance.now() - started) };
}

/** Where the headers of a job will be listed. */
function headerListOf({ request }: Pick<Session, 'request'>, job: CompileJob): HeaderList['kind'] {
  const { showIncludes, addedNotesShow } = request.call;
  const { notes } = LANGUAGES[job.language];
  if (notes === 'none') return 'none';
  if (notes === 'stderr') return 'separateRun';
  if (showIncludes !== 'no') return 'userNotes';
  return addedNotesShow ? 'separateRun' : 'ownNotes';
}

/** Compiles a source of a kind that is never cached. Rejects if the compiler cannot be started. */
export async function compileUncached(
  session: Pick<Session, 'compiler' | 'log'>,
  job: CompileJob,
): Promise<UncachedOutcome> {
  separateLinks(
    job.outputs.map(({ path }) => path),
    session.log.trace,
  );
  return { kind: 'uncached', ...(await session.compiler.run(job.compilerArguments)) };
}

/** Compiles a job as the command line says, and stores nothing. Rejects if the compiler cannot be started. */
export async function compileOnly(
  session: Pick<Session, 'request' | 'compiler'>,
  job: CompileJob,
  miss: Miss,
): Promise<CompiledOutcome> {
  const args = withView(session.request.view, job, job.compilerArguments);
  const { run, compileMs } = await timed(session.compiler.run(args));
  const { status, stdout, stderr } = run;
  const { because, damaged, failure } = miss;
  const stored: StoreOutcome =
    status === 0 ? { kind: 'cacheFailed', error: failure } : { kind: 'compileFailed' };
  return { kind: 'compiled', because, status, stdout, stderr, stored, damaged: damaged.size, compileMs };
}

/** Lists the headers for a call whose outputs would record an added option for include notes. */
async function listApart(
  session: Pick<Session, 'request' | 'compiler' | 'log'>,
  job: CompileJob,
  hear: ((notes: Buffer) => void) | undefined,
): Promise<HeaderListing | undefined> {
  const listing = await listHeaders(session, job, { showsSkipped: false });
  if (listing) hear?.(listing.notes);
  return listing;
}

/**
 * If the source or the command line names a time macro, the text is made before the compile. Afterwards it would show
 * another second.
 */
async function withTextIfVolatile(session: Session, job: CompileJob, miss: Miss): Promise<Miss | HitOutcome> {
  if (miss.text || !miss.keys || !LANGUAGES[job.language].hasText) return miss;
  // A result with one is not looked up by a text.
  if (session.request.call.precompiled) return miss;
  try {
    const text = readFileSync(session.tree.absolute(job.source));
    if (![text, ...session.request.call.definitions.map((one) => Buffer.from(one))].some(mayNameTime))
      return miss;
    const { namesTime } = await import('./names-time.ts');
    if (!namesTime(session, text)) return miss;
    const lookup = await lookUpText(session, job, miss);
    return lookup.kind === 'preprocessorFailed' ? miss : lookup;
  } catch (error) {
    session.log.trace(() => `${job.source}: not looked up by its text: ${describeError(error)}`);
    return miss;
  }
}
