/** Starts programs and reports their end. The only importer of execa. */
import { tracked } from '../../runtime/file-tracking.ts';
import { type RuntimeChild, type Spawn, spawnChild } from '../../runtime/spawn.ts';
import { atEnd } from '../../util/at-end.ts';
import { readTextIfThere } from '../../util/file-stat.ts';
import { ignoredSignals } from '../../util/ignored-signals.ts';
import { givenDescriptors } from './given-descriptors.ts';

export interface ProgramCall {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Without it the program gets this process's standard input. */
  readonly hasNoInput?: boolean;
  /** Where stdout and stderr go: a descriptor, or this process's own streams. */
  readonly streams: readonly [stdout: number | 'inherit', stderr: number | 'inherit'];
}

export interface ProgramEnd {
  readonly exitCode: number | undefined;
  /** The name of the signal that ended the program. */
  readonly signal: string | undefined;
}

export interface StartedProgram<End extends ProgramEnd = ProgramEnd> {
  readonly pid: number | undefined;
  /** Rejects if the system turns out not to be able to start it. */
  readonly end: Promise<End>;
  /** Ends the program at once with everything that it has started. */
  stop(): void;
}

/**
 * Starts a program that ends when this process is ended. Throws, or its `end` rejects, if the system cannot start it.
 */
export function startProgram(call: ProgramCall): StartedProgram | Promise<StartedProgram> {
  const heeding = withIgnoredSignals(call);
  return spawnChild && !IS_BATCH_FILE.test(call.program)
    ? startByRuntime(spawnChild, heeding)
    : startByExeca(heeding);
}

/** The same call through a shell that ignores the signals that this process was started to ignore, if there are any. */
function withIgnoredSignals<Call extends Pick<ProgramCall, 'program' | 'arguments'>>(call: Call): Call {
  const ignored = ignoredSignals();
  if (ignored.length === 0) return call;
  const script = `trap '' ${ignored.join(' ')}; exec "$@"`;
  return { ...call, program: '/bin/sh', arguments: ['-c', script, 'sh', call.program, ...call.arguments] };
}

interface Child {
  readonly pid?: number | undefined;
  kill(signal?: 'SIGKILL'): unknown;
}

/**
 * Ends a program with everything that it has started, because a compiler may be a script that waits for the real one.
 * Some programs do not heed the usual signal.
 */
function endTree(child: Child | undefined, signal?: 'SIGKILL'): void {
  const others = child?.pid === undefined ? [] : descendantsOf(child.pid);
  child?.kill(signal);
  for (const pid of others) {
    try {
      process.kill(pid, signal);
    } catch {
      // The program has ended by itself.
    }
  }
}

/** Only Linux lists the children of a process in a file. */
function descendantsOf(pid: number): number[] {
  const children = readTextIfThere(`/proc/${pid}/task/${pid}/children`)?.trim();
  return children
    ? children.split(' ').flatMap((each) => [Number(each), ...descendantsOf(Number(each))])
    : [];
}

/** Windows's command processor reads a command line by its own rules, which execa knows. */
const IS_BATCH_FILE = /\.(?:bat|cmd)$/i;

function startByRuntime(spawn: Spawn, call: ProgramCall): StartedProgram {
  const options = {
    cwd: call.workingDirectory,
    env: call.environment,
    stdio: standardInputAnd(call, call.streams),
    windowsHide: true,
  };
  const words = [call.program, ...call.arguments];
  let child: RuntimeChild | undefined;
  const forget = atEnd(() => endTree(child));
  try {
    child = spawn(words, options);
  } catch (error) {
    forget();
    throw error;
  }
  const started = child;
  const stop = () => endTree(started, 'SIGKILL');
  return { pid: child.pid, end: endOfChild(child).finally(forget), stop };
}

async function endOfChild(child: RuntimeChild): Promise<ProgramEnd> {
  await child.exited;
  return { exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined };
}

/** execa takes any descriptor, but its types name only the first ones. */
type KnownDescriptor = 3 | 'inherit';
type Given = 3 | 'ignore';

/** The stream for each descriptor of a program: this process's stdin, and the other descriptors that were given. */
function standardInputAnd<Stream>(
  { hasNoInput }: Pick<ProgramCall, 'hasNoInput'>,
  streams: readonly [Stream, Stream],
): ['inherit' | 'ignore', Stream, Stream, ...Given[]] {
  const given: Given[] = [];
  for (const number of givenDescriptors()) {
    if (!streams.some((stream) => stream === number)) given[number - 3] = number as 3;
  }
  return [
    hasNoInput ? 'ignore' : 'inherit',
    ...streams,
    ...Array.from(given, (number) => number ?? 'ignore'),
  ];
}

async function startByExeca(call: ProgramCall): Promise<StartedProgram> {
  const { execa } = await import('execa');
  const stdio = standardInputAnd(call, call.streams as readonly [KnownDescriptor, KnownDescriptor]);
  // execa's own way to end a program begins only when the program already runs.
  let started: Child | undefined;
  const forget = atEnd(() => endTree(started));
  const child = tracked(() =>
    execa(call.program, call.arguments, { ...optionsOf(call), buffer: false, stdio }),
  );
  started = child;
  const stop = () => endTree(child, 'SIGKILL');
  return { pid: child.pid, end: child.then(endOf).finally(forget), stop };
}

export interface PipedEnd extends ProgramEnd {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** As `startProgram`, and returns both streams whole, through pipes, which need no room on a disk. */
export async function startThroughPipes(
  call: Omit<ProgramCall, 'streams'>,
): Promise<StartedProgram<PipedEnd>> {
  const { execa } = await import('execa');
  let started: Child | undefined;
  const forget = atEnd(() => endTree(started));
  const { program, arguments: args } = withIgnoredSignals(call);
  const options = {
    ...optionsOf(call),
    stdio: standardInputAnd(call, ['pipe', 'pipe'] as const),
    encoding: 'buffer',
    maxBuffer: Number.POSITIVE_INFINITY,
  } as const;
  const child = tracked(() => execa(program, args, options));
  started = child;
  const end = child.then((result) => {
    const { stdout, stderr } = result;
    return { ...endOf(result), stdout: Buffer.from(stdout ?? []), stderr: Buffer.from(stderr ?? []) };
  });
  return { pid: child.pid, end: end.finally(forget), stop: () => endTree(child, 'SIGKILL') };
}

function optionsOf(call: Omit<ProgramCall, 'streams'>) {
  return {
    cwd: call.workingDirectory,
    env: call.environment,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    windowsHide: true,
    cleanup: false,
  } as const;
}

interface ExecaEnd {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly failed: boolean;
  readonly cause?: unknown;
}

function endOf({ exitCode, signal, failed, cause }: ExecaEnd): ProgramEnd {
  if (failed && exitCode === undefined && signal === undefined) throw cause;
  return { exitCode, signal };
}
