import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { responseFileText } from '../../commandline/read/tokenizer.ts';
import { CUTS_STATUSES, openStatusWatch } from '../../runtime/exit-status.ts';
import { randomDigits } from '../../runtime/random.ts';
import { withTemporary } from '../../util/at-end.ts';
import { CapturedStream } from './captured-stream.ts';
import {
  type ProgramCall,
  type ProgramEnd,
  type StartedProgram,
  startProgram,
  startThroughPipes,
} from './start-program.ts';

export interface CompilerCall {
  readonly compiler: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** True for a question, which must not read the standard input of the user's call. */
  readonly hasNoInput?: boolean;
  /** After how many milliseconds a program that has not ended is ended, with everything that it started. */
  readonly longestMs?: number;
  /** True if the command line must stay on the command line, because the program may not read response files. */
  readonly keepsLine?: boolean;
}

export interface CompilerResult {
  /** The exit status. 128 + number for a program that a signal ended, as in a shell. */
  readonly status: number;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * In characters. Windows takes 32,767 with the final NUL. Linux takes 128 KiB in one argument, and a quarter of the
 * stack for all arguments and the environment.
 */
const LONGEST_COMMAND_LINE = process.platform === 'win32' ? 32_000 : 120_000;

/**
 * Runs the compiler and returns its streams as bytes. `hear` gets what comes on stdout while it runs, where the system
 * shows that. Rejects only if it cannot be started, or takes longer than it may.
 */
export async function runCompiler(
  call: CompilerCall,
  hear?: (bytes: Buffer) => void,
): Promise<CompilerResult> {
  return withShortCommandLine(
    call,
    async (args) => (await runIntoFiles(call, args, hear)) ?? runIntoPipes(call, args),
  );
}

/** Undefined if there is no room on the disk for its output. */
async function runIntoFiles(
  call: CompilerCall,
  args: readonly string[],
  hear: ((bytes: Buffer) => void) | undefined,
): Promise<CompilerResult | undefined> {
  const opened: CapturedStream[] = [];
  let stopReporting = () => {};
  try {
    const stdout = openStream(opened);
    const stderr = openStream(opened);
    if (!stdout || !stderr) return undefined;
    if (hear) stopReporting = reportOutput(stdout, hear);
    const streams = [stdout.descriptor, stderr.descriptor] as const;
    const end = await endOf(() => startProgram({ ...programOf(call, args), streams }), call.longestMs);
    const run = { ...statusOf(end), stdout: stdout.whole(), stderr: stderr.whole() };
    return stdout.hasRoom() ? run : undefined;
  } finally {
    stopReporting();
    for (const stream of opened) stream.close();
  }
}

function openStream(opened: CapturedStream[]): CapturedStream | undefined {
  try {
    const stream = new CapturedStream();
    opened.push(stream);
    return stream;
  } catch {
    return undefined;
  }
}

async function runIntoPipes(call: CompilerCall, args: readonly string[]): Promise<CompilerResult> {
  const end = await endOf(() => startThroughPipes(programOf(call, args)), call.longestMs);
  return { ...statusOf(end), stdout: end.stdout, stderr: end.stderr };
}

/** How often a stream is read. While nothing comes, the pauses grow. */
const FIRST_PAUSE_MS = 15;
const LONGEST_PAUSE_MS = 500;

/** Reports what is written to a stream, from time to time. Returns the function that stops it. */
function reportOutput(stream: CapturedStream, hear: (bytes: Buffer) => void): () => void {
  let pauseMs = FIRST_PAUSE_MS;
  const look = () => {
    let bytes: Buffer;
    try {
      bytes = stream.newBytes();
    } catch {
      return;
    }
    if (bytes.length > 0) hear(bytes);
    pauseMs = bytes.length > 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    timer = setTimeout(look, pauseMs);
  };
  let timer = setTimeout(look, pauseMs);
  return () => clearTimeout(timer);
}

/** Runs the compiler on this process's own streams. clcache does not see its output. */
export async function passToCompiler(call: CompilerCall): Promise<number> {
  return withShortCommandLine(call, async (args) => {
    const streams = ['inherit', 'inherit'] as const;
    return statusOf(await endOf(() => startProgram({ ...programOf(call, args), streams }))).status;
  });
}

function programOf(call: CompilerCall, args: readonly string[]): Omit<ProgramCall, 'streams'> {
  const { compiler: program, workingDirectory, environment, hasNoInput = false } = call;
  return { program, arguments: args, workingDirectory, environment, hasNoInput };
}

type Start<End extends ProgramEnd> = () => StartedProgram<End> | Promise<StartedProgram<End>>;

/** Under load a system may run out of processes or handles for a moment. */
const PAUSE_BEFORE_RETRY_MS = 100;

/** Thrown if a program did not end in time, and was ended. */
export class TooLongError extends Error {}

/** The end of a started compiler. Tries twice. Rejects if it cannot be started, or takes too long. */
async function endOf<End extends ProgramEnd>(start: Start<End>, longestMs?: number): Promise<End> {
  try {
    return await endOfOne(start, longestMs);
  } catch (error) {
    if (error instanceof TooLongError) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_BEFORE_RETRY_MS));
  }
  try {
    return await endOfOne(start, longestMs);
  } catch (error) {
    if (error instanceof TooLongError) throw error;
    throw new Error('the compiler could not be started', { cause: error });
  }
}

async function endOfOne<End extends ProgramEnd>(start: Start<End>, longestMs?: number): Promise<End> {
  const watch = CUTS_STATUSES ? await openStatusWatch() : undefined;
  const program = await start();
  const { pid } = program;
  const wholeStatus = pid === undefined ? undefined : watch?.(pid);
  const ended = await (longestMs === undefined ? program.end : endInTime(program, longestMs));
  const exitCode = wholeStatus?.();
  return exitCode === undefined ? ended : { ...ended, exitCode };
}

async function endInTime<End extends ProgramEnd>(
  { end, stop }: StartedProgram<End>,
  longestMs: number,
): Promise<End> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop();
      reject(new TooLongError(`the compiler did not answer within ${longestMs / 1000} s`));
    }, longestMs);
  });
  // How a program ends that was stopped does not matter.
  end.catch(() => {});
  try {
    return await Promise.race([end, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function statusOf({ exitCode, signal }: ProgramEnd): { status: number; signal: string | undefined } {
  if (signal === undefined) return { status: exitCode ?? 1, signal };
  const number =
    (process.getBuiltinModule('node:os').constants.signals as Record<string, number>)[signal] ?? 0;
  return { status: 128 + number, signal };
}

/** Passes a line that is too long for the system in a response file (UTF-16 with BOM, as MSBuild writes it). */
async function withShortCommandLine<T>(
  call: CompilerCall,
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  const length = call.arguments.reduce((sum, argument) => sum + argument.length + 3, call.compiler.length);
  if (call.keepsLine || length < LONGEST_COMMAND_LINE) return run(call.arguments);
  const file = join(tmpdir(), `clcache-${randomDigits()}.rsp`);
  return withTemporary(file, () => {
    const text = `\ufeff${responseFileText(call.arguments)}`;
    try {
      writeFileSync(file, text, { encoding: 'utf16le', flag: 'wx' });
    } catch {
      // If there is no room for the file, the system may still take the line.
      return run(call.arguments);
    }
    return run([`@${file}`]);
  });
}
