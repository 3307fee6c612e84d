/** A program that was started, and its end. The only importer of execa. */
import { errorCode } from '../util/busy-retry.ts';

export interface ProgramCall {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where stdout and stderr go: a descriptor of ours, or where our own go. */
  readonly streams: readonly [stdout: number | 'inherit', stderr: number | 'inherit'];
}

export interface ProgramEnd {
  readonly exitCode: number | undefined;
  /** The name of the signal that ended it. */
  readonly signal: string | undefined;
}

export interface StartedProgram<End extends ProgramEnd = ProgramEnd> {
  readonly pid: number | undefined;
  /** Rejects when it turns out that the system could not start it. */
  readonly end: Promise<End>;
}

/** Starts a program that ends with us. Throws, or has its end reject, when the system cannot start it. */
export function startProgram(call: ProgramCall): StartedProgram | Promise<StartedProgram> {
  return bun && !IS_BATCH_FILE.test(call.program) ? startByBun(bun, call) : startByExeca(call);
}

/** For the command processor of Windows, which reads a line by rules of its own. execa knows them. */
const IS_BATCH_FILE = /\.(?:bat|cmd)$/i;

interface BunProcess {
  readonly pid: number;
  readonly exited: Promise<number>;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(): void;
}

interface BunRuntime {
  spawn(words: readonly string[], options: object): BunProcess;
}

/**
 * Bun starts a program within half a millisecond by itself. There execa, with the modules of Node.js below it, takes 6
 * to be loaded and asked, all of it before the compiler begins: a fifth of what a miss added.
 */
const bun: BunRuntime | undefined = Reflect.get(globalThis, 'Bun');

function startByBun(runtime: BunRuntime, call: ProgramCall): StartedProgram {
  const [stdout, stderr] = call.streams;
  const options = {
    cwd: call.workingDirectory,
    env: call.environment,
    stdin: 'inherit',
    stdout,
    stderr,
    windowsHide: true,
  };
  const words = [call.program, ...call.arguments];
  let child: BunProcess;
  try {
    child = runtime.spawn(words, options);
  } catch (error) {
    // A script that does not say what runs it: `execvp` gives it to the shell ("exec", POSIX), and so does Node.js.
    if (errorCode(error) !== 'ENOEXEC') throw error;
    child = runtime.spawn(['/bin/sh', ...words], options);
  }
  return { pid: child.pid, end: endWithUs(child) };
}

async function endWithUs(child: BunProcess): Promise<ProgramEnd> {
  const { onExit } = await import('signal-exit');
  const forget = onExit(() => child.kill());
  await child.exited;
  forget();
  return { exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined };
}

/** execa takes any descriptor; its types name the first ones. */
type KnownDescriptor = 3 | 'inherit';

async function startByExeca(call: ProgramCall): Promise<StartedProgram> {
  const { execa } = await import('execa');
  const [stdout, stderr] = call.streams as readonly [KnownDescriptor, KnownDescriptor];
  const child = execa(call.program, call.arguments, { ...optionsOf(call), buffer: false, stdout, stderr });
  return { pid: child.pid, end: child.then(endOf) };
}

export interface PipedEnd extends ProgramEnd {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** As `startProgram`, and keeps both streams whole: by pipes, which takes no room on a disk. */
export async function startThroughPipes(
  call: Omit<ProgramCall, 'streams'>,
): Promise<StartedProgram<PipedEnd>> {
  const { execa } = await import('execa');
  const child = execa(call.program, call.arguments, {
    ...optionsOf(call),
    encoding: 'buffer',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const end = child.then((result) => {
    const { stdout, stderr } = result;
    return { ...endOf(result), stdout: Buffer.from(stdout ?? []), stderr: Buffer.from(stderr ?? []) };
  });
  return { pid: child.pid, end };
}

function optionsOf(call: Omit<ProgramCall, 'streams'>) {
  return {
    cwd: call.workingDirectory,
    env: call.environment,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    windowsHide: true,
    stdin: 'inherit',
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
