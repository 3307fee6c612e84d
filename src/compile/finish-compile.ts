import { tmpdir } from 'node:os';
import type { CompileJob } from '../commandline/compile-call.ts';
import type { CompilerResult } from '../compiler/run.ts';
import { describeError } from '../diagnostics/errors.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { CompileResult } from './compile-result.ts';
import type { FileClock } from './file-clock.ts';
import { HeaderWatch } from './header-watch.ts';
import type { Miss } from './lookup.ts';
import type { CompiledOutcome, StoreOutcome } from './outcome.ts';
import type { OutputSnapshot } from './output-files.ts';
import type { Session } from './session.ts';
import { storeResult } from './store-result.ts';

/** A compile whose compiler has ended. */
export interface EndedCompile {
  readonly miss: Miss;
  readonly beginning: CompileBeginning;
  readonly before: OutputSnapshot;
  readonly watch: HeaderWatch;
  readonly result: CompilerResult;
  /** True if clcache added the option for include notes, so that the user must not see them. */
  readonly addsNotes: boolean;
  /** True if a separate run had to list the headers, with its result. */
  readonly listsApart: boolean;
  readonly listed: CompilerResult | undefined;
}

/** Follows a compile that has just begun. */
export function watchHeaders(session: Session, job: CompileJob, beginning: CompileBeginning): HeaderWatch {
  return new HeaderWatch(session, job, beginning);
}

/**
 * Reads what the compiler wrote and printed, and stores it if possible. Whatever fails, the compiler's answer stands.
 */
export async function finishCompile(
  session: Session,
  job: CompileJob,
  compile: EndedCompile,
): Promise<CompiledOutcome> {
  const { miss, beginning, before, watch, result, addsNotes, listsApart, listed } = compile;
  setClock(beginning.clock, job);
  const heard = await watch.end(listed ? listed.stderr : result.stdout);
  for (const output of job.outputs) session.files.hasher.forget(output.path);
  const output = listed ? { ...heard, rest: result.stdout } : heard;
  const stdout = addsNotes ? output.rest : result.stdout;
  const { stderr } = result;
  const stored = await session.log.profile(`store the result of ${job.source}`, () =>
    tryToStore(session, job, miss, result, {
      beginning,
      watch,
      before,
      output,
      areHeadersListed: !listsApart || listed?.status === 0,
      stdout,
      stderr,
    }),
  );
  if (stored.kind !== 'stored') session.log.trace(() => `${job.source}: not stored: ${reasonOf(stored)}`);
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

/** The files that the compiler wrote show the time on the clock of their file system. */
function setClock(clock: FileClock, job: CompileJob): void {
  const written = job.outputs.flatMap(({ path }) => statIfThere(path) ?? []);
  clock.setBy(written, statIfThere(tmpdir())?.dev);
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
