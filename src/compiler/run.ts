import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { responseFileText } from '../commandline/tokenizer.ts';
import { removeIfPossible } from '../util/atomic-file.ts';
import { CUTS_STATUSES, openStatusWatch } from '../util/windows-status.ts';
import { CapturedStream } from './captured-stream.ts';

export interface CompilerCall {
  readonly compiler: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface CompilerResult {
  /** The exit status; 128 + number for a program that a signal ended, as a shell would say. */
  readonly status: number;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * In characters. Windows takes 32,767 with the final NUL. Linux takes 128 KiB in one argument and a quarter of the
 * stack in all of them, beside the environment.
 */
const LONGEST_COMMAND_LINE = process.platform === 'win32' ? 32_000 : 120_000;

/**
 * Runs the compiler and keeps its streams as bytes. `hear` is told what comes on stdout while it runs, where that can be
 * seen. Rejects only when it cannot be started at all.
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

/** execa takes any descriptor; its types name the first ones. */
type KnownDescriptor = 3;

/** Undefined when there is no room for what it says. */
async function runIntoFiles(
  call: CompilerCall,
  args: readonly string[],
  hear: ((bytes: Buffer) => void) | undefined,
): Promise<CompilerResult | undefined> {
  const streams: CapturedStream[] = [];
  let stopTelling = () => {};
  try {
    const stdout = openStream(streams);
    const stderr = openStream(streams);
    if (!stdout || !stderr) return undefined;
    if (hear) stopTelling = tellNews(stdout, hear);
    const result = await started(() =>
      execa(call.compiler, args, {
        ...options(call),
        buffer: false,
        stdin: 'inherit',
        stdout: stdout.descriptor as KnownDescriptor,
        stderr: stderr.descriptor as KnownDescriptor,
      }),
    );
    const run = { ...endOf(result), stdout: stdout.whole(), stderr: stderr.whole() };
    return stdout.hasRoom() ? run : undefined;
  } finally {
    stopTelling();
    for (const stream of streams) stream.close();
  }
}

function openStream(streams: CapturedStream[]): CapturedStream | undefined {
  try {
    const stream = new CapturedStream();
    streams.push(stream);
    return stream;
  } catch {
    return undefined;
  }
}

async function runIntoPipes(call: CompilerCall, args: readonly string[]): Promise<CompilerResult> {
  const result = await started(() =>
    execa(call.compiler, args, {
      ...options(call),
      encoding: 'buffer',
      stdin: 'inherit',
      maxBuffer: Number.POSITIVE_INFINITY,
    }),
  );
  const { stdout, stderr } = result;
  return { ...endOf(result), stdout: Buffer.from(stdout ?? []), stderr: Buffer.from(stderr ?? []) };
}

/** How often a stream is looked at; while nothing comes, less and less often. */
const NEWS_MS = 15;
const LONGEST_PAUSE_MS = 500;

/** Tells what is written to a stream, from time to time. Returns how to stop that. */
function tellNews(stream: CapturedStream, hear: (bytes: Buffer) => void): () => void {
  let pauseMs = NEWS_MS;
  const look = () => {
    let bytes: Buffer;
    try {
      bytes = stream.news();
    } catch {
      return;
    }
    if (bytes.length > 0) hear(bytes);
    pauseMs = bytes.length > 0 ? NEWS_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    timer = setTimeout(look, pauseMs);
  };
  let timer = setTimeout(look, pauseMs);
  return () => clearTimeout(timer);
}

/** Runs the compiler on our own streams, untouched: what it prints we never see. */
export async function passToCompiler(call: CompilerCall): Promise<number> {
  return withShortCommandLine(call, async (args) => {
    const result = await started(() => execa(call.compiler, args, { ...options(call), stdio: 'inherit' }));
    return endOf(result).status;
  });
}

function options(call: CompilerCall) {
  return {
    cwd: call.workingDirectory,
    env: call.environment,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    windowsHide: true,
  } as const;
}

interface Ended {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly failed: boolean;
  readonly cause?: unknown;
}

/** A program on its way, as execa gives it. */
type Start<Result> = Promise<Result> & { readonly pid?: number };

/** Under load a system may have no process or handle to spare for a moment. */
const PAUSE_BEFORE_RETRY_MS = 100;

/** The end of a compiler that was started, at the second try if the first failed. Rejects when it cannot be. */
async function started<Result extends Ended>(start: () => Start<Result>): Promise<Result> {
  const first = await startOnce(start);
  if ('result' in first) return first.result;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_BEFORE_RETRY_MS));
  const second = await startOnce(start);
  if ('result' in second) return second.result;
  throw new Error('the compiler could not be started', { cause: second.problem });
}

/** On Bun execa does not return such a failure but stumbles over it, with a TypeError. */
async function startOnce<Result extends Ended>(
  start: () => Start<Result>,
): Promise<{ readonly result: Result } | { readonly problem: unknown }> {
  try {
    const watch = CUTS_STATUSES ? await openStatusWatch() : undefined;
    const starting = start();
    const wholeStatus = starting.pid === undefined ? undefined : watch?.(starting.pid);
    const ended = await starting;
    const exitCode = wholeStatus?.();
    const result = exitCode === undefined ? ended : { ...ended, exitCode };
    const wasStarted = !result.failed || result.exitCode !== undefined || result.signal !== undefined;
    return wasStarted ? { result } : { problem: result.cause };
  } catch (error) {
    return { problem: error };
  }
}

function endOf({ exitCode, signal }: Ended): { status: number; signal: string | undefined } {
  if (signal === undefined) return { status: exitCode ?? 1, signal };
  const number =
    (process.getBuiltinModule('node:os').constants.signals as Record<string, number>)[signal] ?? 0;
  return { status: 128 + number, signal };
}

/** A line that the system would refuse goes through a response file of ours (UTF-16 with BOM, as MSBuild writes it). */
async function withShortCommandLine<T>(
  call: CompilerCall,
  run: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  const length = call.arguments.reduce((sum, argument) => sum + argument.length + 3, call.compiler.length);
  if (length < LONGEST_COMMAND_LINE) return run(call.arguments);
  const file = join(tmpdir(), `clcache-${process.pid}-${Math.random().toString(36).slice(2)}.rsp`);
  writeFileSync(file, `\ufeff${responseFileText(call.arguments)}`, 'utf16le');
  try {
    return await run([`@${file}`]);
  } finally {
    removeIfPossible(file);
  }
}
