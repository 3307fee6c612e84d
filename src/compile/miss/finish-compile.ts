import { tmpdir } from 'node:os';
import type { CompileJob } from '../../commandline/compile-call.ts';
import type { ReportedInclude } from '../../compiler/headers/show-includes.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import type { FileClock } from '../../files/file-clock.ts';
import { statIfThere } from '../../util/file-stat.ts';
import { foldCase } from '../../util/paths.ts';
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
  const { damaged } = miss;
  const { status, stderr } = run;
  const { compileMs } = compile;
  return {
    kind: 'compiled',
    because: withIncluder(session, compile, read.output.includes),
    status,
    stdout: read.stdout,
    stderr,
    stored,
    damaged: damaged.size,
    compileMs,
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

/** A header that changed, with the one that includes it. */
function withIncluder(
  { tree }: Pick<Session, 'tree'>,
  { job, miss: { because } }: Pick<EndedCompile, 'job' | 'miss'>,
  includes: readonly ReportedInclude[],
): MissCause {
  if (because.kind !== 'header') return because;
  const { style } = tree.roots;
  const wanted = foldCase(style, because.path);
  const at = includes.findIndex(({ path }) => foldCase(style, tree.absolute(path)) === wanted);
  const depth = includes[at]?.depth ?? 1;
  const includer = includes.slice(0, Math.max(at, 0)).findLast((one) => one.depth < depth);
  // What the source includes by itself needs no word.
  if (!includer || tree.absolute(includer.path) === tree.absolute(job.source)) return because;
  return { ...because, includedBy: tree.absolute(includer.path) };
}
