import { realpathSync } from 'node:fs';
import { dispatch, mayBeMistaken } from './cli/dispatch.ts';
import { type Config, readConfig } from './config/config.ts';
import { scriptOf, startedAs } from './config/started-as.ts';
import { isTerminalStdout, lookOfText } from './config/terminal.ts';
import { isTracked } from './config/tracker.ts';
import { describeError } from './diagnostics/errors.ts';
import { type RecordedProfile, recordProfile, unprofiled } from './diagnostics/profile.ts';
import { createTrace } from './diagnostics/trace.ts';
import type { Listener } from './doctor/examine.ts';
import { endWithWholeStatus } from './runtime/exit-status.ts';
import { beginUntracked, endUntracked } from './runtime/file-tracking.ts';
import { chooseCacheUmask } from './util/cache-umask.ts';
import { isQuestion } from './util/chain.ts';
import { hasNoReader, standardStream } from './util/standard-stream.ts';
import { VERSION } from './util/version.ts';

const STARTED_AS = startedAs(process);
const CALLED_AS = STARTED_AS.kind === 'compiler' ? STARTED_AS.name : undefined;
const ARGUMENTS = process.argv.slice(2);
const stdout = standardStream(1);
const stderr = standardStream(2);

/** Runs one call of the program. Loads nothing that a cache hit does not need. */
async function main(argv: readonly string[]): Promise<number> {
  const isUntracked = await lookAway();
  const config = readConfig(process);
  if (isQuestion(config.environment)) {
    stdout.write(`clcache ${VERSION}\n`);
    return 0;
  }
  chooseCacheUmask(config.umask);
  const ownStatus = CALLED_AS === undefined ? await runOwnLine(argv, config) : undefined;
  if (ownStatus !== undefined) return ownStatus;
  const trace = createTrace(config.log);
  if (isUntracked) trace(() => 'MSBuild’s Tracker does not see what clcache does with its own files');
  if (config.log.kind !== 'off') {
    const { variableProblems } = await import('./config/variable-problems.ts');
    const problems = [...config.problems, ...variableProblems(config.environment, config.style)];
    for (const problem of problems) trace(() => problem);
  }
  const { compileRequest } = await import('./compile/compile-request.ts');
  const recorded = config.profile ? recordProfile() : undefined;
  const profile = recorded?.profile ?? unprofiled;
  const status = await compileRequest(argv, {
    config,
    trace,
    profile,
    self: ownPath(),
    calledAs: CALLED_AS,
    stdout: stdout.write,
    stderr: stderr.write,
    warn: complain,
  });
  if (recorded) await writeProfile(recorded, config.workingDirectory);
  return status;
}

/** Keeps what clcache does with its own files from MSBuild's Tracker. False if there is none that could be told. */
async function lookAway(): Promise<boolean> {
  if (process.platform !== 'win32' || !isTracked(process.env, 'win32')) return false;
  const { fileTracker } = await import('./runtime/file-tracker.ts');
  const tracker = await fileTracker();
  return tracker !== undefined && beginUntracked(tracker);
}

/** A profile that cannot be written must not change a compile. */
async function writeProfile(recorded: RecordedProfile, folder: string): Promise<void> {
  try {
    const { lockWaits } = await import('./util/file-lock.ts');
    for (const { lockPath, start, end } of lockWaits()) recorded.add(`wait for ${lockPath}`, start, end);
    recorded.write(folder);
  } catch (error) {
    complain(`the profile could not be written: ${describeError(error)}`);
  }
}

/** The exit status of a line that is clcache's own, or a mistyped one. Undefined if the line is the compiler's. */
async function runOwnLine(argv: readonly string[], config: Config): Promise<number | undefined> {
  if (mayBeMistaken(argv)) {
    const { explainMistake } = await import('./cli/mistakes.ts');
    const mistake = explainMistake(argv);
    if (mistake === undefined) return undefined;
    complain(mistake);
    return 1;
  }
  if (dispatch(argv).kind === 'compile') return undefined;
  const { runOwn } = await import('./cli/program.ts');
  const { isTTY: isTerminal = false } = process.stderr;
  const self = ownPath();
  const findCompiler = async () => {
    const compilers = await import('./compile/find-compiler.ts');
    return compilers.findCompiler({ argv: [], config, self, calledAs: undefined });
  };
  const findProblems = async () => (await import('./cli/problems.ts')).problemsOf(config, self);
  const examine = async (listener: Listener) =>
    (await import('./doctor/examine.ts')).examine(config, self, listener);
  const streams = { stdout: stdout.write, stderr: stderr.write };
  const look = lookOfText(process, isTerminalStdout());
  const found = { findCompiler, findProblems, examine };
  return runOwn(argv, { config, self, ...found, ...streams, isTerminal, look });
}

/** The file that users start: the executable, or the script that Node.js runs. */
function ownPath(): string {
  const path = scriptOf(process) ?? process.execPath;
  try {
    return realpathSync(path);
  } catch {
    // If the file was replaced during the start, Linux says `/path/clcache (deleted)`. The build must not fail for
    // that.
    return path.replace(/ \(deleted\)$/, '');
  }
}

/** The compiler's exit status, but 1 if its output could not be written. */
function statusWithOutput(status: number): number {
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    const problem = stream.problem();
    if (problem === undefined || status !== 0) continue;
    if (!hasNoReader(problem)) complain(`${name} could not be written: ${describeError(problem)}`);
    return 1;
  }
  return status;
}

/** After any failure of clcache the compiler does the work. */
async function failed(error: unknown): Promise<never> {
  try {
    if (CALLED_AS !== undefined || dispatch(ARGUMENTS).kind === 'compile') {
      const { lastResort } = await import('./compile/last-resort.ts');
      const query = { argv: ARGUMENTS, config: readConfig(process), self: ownPath(), calledAs: CALLED_AS };
      await end(await lastResort(query));
    }
    complain(describeError(error));
  } catch (second) {
    complain(describeError(second));
  }
  return end(1);
}

async function end(status: number): Promise<never> {
  endUntracked();
  process.exit(await endWithWholeStatus(status));
}

function complain(message: string): void {
  standardStream(2).write(`clcache: ${message}\n`);
}

if (STARTED_AS.kind === 'hashServer') {
  import('./server-main.ts').catch((error: unknown) => {
    complain(describeError(error));
    process.exit(1);
  });
} else {
  // Some errors of the runtime are not thrown to any caller.
  process.once('uncaughtException', failed);
  main(ARGUMENTS).then((status) => end(statusWithOutput(status)), failed);
}
