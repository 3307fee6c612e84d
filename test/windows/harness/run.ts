import { type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, ON_WINE, prepareMachine } from './prefix.ts';

export interface RunOptions {
  /** A folder of the host. */
  readonly cwd?: string;
  /** Added to an environment in which nothing of clcache or cl is set. Values are as Windows sees them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of the host that come first on `PATH`. */
  readonly path?: readonly string[];
}

export interface RunResult {
  /** On Wine only the lowest eight bits; {@link runThroughPipes} gives all of them. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly milliseconds: number;
}

/** A Windows program that is running. */
export interface Running {
  readonly result: Promise<RunResult>;
  /** Ends it at once, as TerminateProcess does. */
  kill(): void;
  suspend(): Promise<void>;
  resume(): Promise<void>;
}

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly options?: RunOptions;
}

/** `/a/b` as a Windows program sees it: `Z:\a\b` under Wine. */
export function toWindowsPath(hostPath: string): string {
  return ON_WINE && hostPath.startsWith('/') ? `Z:${hostPath.replaceAll('/', '\\')}` : hostPath;
}

/** Runs a program (a path of the host) to its end; its standard streams are files. */
export async function runWindows(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return (await startWindows(program, args, options)).result;
}

/** Starts a program without waiting for it. */
export async function startWindows(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Running> {
  const machine = await prepareMachine();
  // Wine cannot use a Unix pipe as a standard stream, so the first program's streams are files everywhere.
  const folder = mkdtempSync(join(tmpdir(), 'clcache-run-'));
  const [stdoutFile, stderrFile] = [join(folder, 'out'), join(folder, 'err')];
  const [stdout, stderr] = [openSync(stdoutFile, 'w'), openSync(stderrFile, 'w')];
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    env: environmentOf(machine, options),
    stdio: ['ignore', stdout, stderr],
    windowsHide: true,
  };
  const started = performance.now();
  const [command, ...first] = [...(machine.wine?.command ?? []), program];
  const child = spawn(command, [...first, ...args], spawnOptions);
  closeSync(stdout);
  closeSync(stderr);
  const result = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      const milliseconds = performance.now() - started;
      const stderr = withoutWine(readFileSync(stderrFile));
      resolve({ status, stdout: readFileSync(stdoutFile), stderr, milliseconds });
      rmSync(folder, { recursive: true, force: true });
    });
  });
  return {
    result,
    kill: () => void child.kill('SIGKILL'),
    suspend: () => pause(machine, child.pid, 'suspend'),
    resume: () => pause(machine, child.pid, 'resume'),
  };
}

/**
 * Messages without those of Wine's own client: on a busy machine a thread may report that another one has closed its
 * connection, while the program ends. The end may cut such a message off.
 */
function withoutWine(stderr: Buffer): Buffer {
  const text = stderr.toString('latin1');
  return ON_WINE ? Buffer.from(text.replaceAll(/^wine client error:.*\n?/gm, ''), 'latin1') : stderr;
}

async function pause(machine: Machine, pid: number | undefined, what: 'suspend' | 'resume'): Promise<void> {
  if (pid === undefined) return;
  if (machine.wine) process.kill(pid, what === 'suspend' ? 'SIGSTOP' : 'SIGCONT');
  else await runWindows(machine.launch, [what, String(pid)]);
}

/** The environment of a program: see {@link RunOptions}. */
export function environmentOf(machine: Machine, options: RunOptions): Record<string, string> {
  const folders = (options.path ?? []).map(toWindowsPath).join(';');
  if (machine.wine) return { ...machine.wine.env, WINEPATH: folders, ...options.env };
  const own = Object.entries(process.env).filter(([name]) => !/^(CLCACHE_.*|_?CL_?|PATH)$/i.test(name));
  const inherited = Object.fromEntries(own) as Record<string, string>;
  const searchPath = [folders, process.env['PATH']].filter(Boolean).join(';');
  return { ...inherited, PATH: searchPath, ...options.env };
}

export interface PipedResult extends RunResult {
  /** All 32 bits. */
  readonly status: number;
  /** From the program's end to the end of its pipes: long if a process that it started inherited them. */
  readonly pipesOpenMs: number;
}

export type Console =
  | { readonly mode: 'pipes' }
  /** Without any console, as under an IDE. */
  | { readonly mode: 'detached' }
  /**
   * In a console of its own, where Ctrl+C is pressed when the file has just appeared. Wine starts a thread then, from within
   * whatever a program is doing. If that is a start of a thread or a process, the program hangs forever. So let clcache
   * know its compiler: it starts no other process than the compile then.
   */
  | { readonly mode: 'ctrl-c'; readonly when: string };

/** Runs a program with its streams on pipes, as build tools do, and gives its whole exit status. */
export async function runThroughPipes(
  call: Call,
  console: Console = { mode: 'pipes' },
): Promise<PipedResult> {
  const { launch } = await prepareMachine();
  const folder = mkdtempSync(join(tmpdir(), 'clcache-run-'));
  const statusFile = join(folder, 'status');
  try {
    const mode = console.mode === 'ctrl-c' ? ['ctrl-c', toWindowsPath(console.when)] : [console.mode];
    const args = [toWindowsPath(statusFile), ...mode, toWindowsPath(call.program), ...call.args];
    const result = await runWindows(launch, args, call.options);
    const [status, pipesOpenMs] = readFileSync(statusFile, 'utf8').split(' ').map(Number);
    return { ...result, status: status ?? Number.NaN, pipesOpenMs: pipesOpenMs ?? Number.NaN };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs every call, `atOnce` of them at a time, and gives the results in the order of the calls. */
export async function runMany(calls: readonly Call[], atOnce: number): Promise<RunResult[]> {
  const results: RunResult[] = [];
  const waiting = calls.entries();
  const worker = async () => {
    for (const [index, { program, args, options }] of waiting) {
      results[index] = await runWindows(program, args, options);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
