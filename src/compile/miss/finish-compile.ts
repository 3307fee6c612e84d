import { tmpdir } from 'node:os';
import type { CompileJob } from '../../commandline/compile-call.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { FileClock } from '../../files/file-clock.ts';
import { statIfThere } from '../../util/file-stat.ts';
import type { CompiledOutcome, StoreOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { CompileBeginning } from './begin-compile.ts';
import type { EndedCompile, ReadCompile } from './ended-compile.ts';
import { HeaderWatch } from './header-watch.ts';
import { storeResult } from './store-result.ts';

/** Follows a compile that has just begun. */
export function watchHeaders(
  session: Omit<Session, 'store'>,
  job: CompileJob,
  beginning: CompileBeginning,
): HeaderWatch {
  return new HeaderWatch(session, job, beginning);
}

/**
 * Reads what the compiler wrote and printed, and stores it if possible. Whatever fails, the compiler's answer stands.
 */
export async function finishCompile(session: Session, compile: EndedCompile): Promise<CompiledOutcome> {
  const { job, miss, run } = compile;
  setClock(compile.beginning.clock, job);
  const read = await readOutput(compile);
  for (const output of job.outputs) session.files.memory.forget(output.path);
  const stored = await session.log.profile(`store the result of ${job.source}`, () =>
    tryToStore(session, read),
  );
  if (stored.kind !== 'stored') session.log.trace(() => `${job.source}: not stored: ${reasonOf(stored)}`);
  const { because, damaged } = miss;
  const { status, stderr } = run;
  return {
    kind: 'compiled',
    because,
    status,
    stdout: read.stdout,
    stderr,
    stored,
    damaged: damaged.size,
  };
}

async function readOutput(compile: EndedCompile): Promise<ReadCompile> {
  const { watch, run, headers } = compile;
  const list = headers.kind === 'separateRun' ? headers.listing?.notes : undefined;
  const output = await watch.end(list ?? run.stdout);
  return { ...compile, output, stdout: headers.kind === 'ownNotes' ? output.rest : run.stdout };
}

/** The files that the compiler wrote show the time on the clock of their file system. */
function setClock(clock: FileClock, job: CompileJob): void {
  const written = job.outputs.flatMap(({ path }) => statIfThere(path) ?? []);
  clock.setBy(written, statIfThere(tmpdir())?.dev);
}

async function tryToStore(session: Session, compile: ReadCompile): Promise<StoreOutcome> {
  const { miss, run } = compile;
  if (run.status !== 0) return { kind: 'compileFailed' };
  if (miss.failure !== undefined) return { kind: 'cacheFailed', error: miss.failure };
  try {
    return await storeResult(session, compile);
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
