import { bunWith } from './bun.ts';
import { tracked } from './file-tracking.ts';

/** A started program. */
export interface RuntimeChild {
  readonly pid: number | undefined;
  kill(): unknown;
  /** Ends when the program has ended. Then one of the next two is set. Rejects if the system could not start it. */
  readonly exited: Promise<number>;
  readonly exitCode: number | null;
  /** The name of the signal that ended it. */
  readonly signalCode: string | null;
}

/** Starts a program, given as its words. Throws, or the child's `exited` rejects, if the system cannot start it. */
export type Spawn = (words: readonly string[], options: SpawnOptions) => RuntimeChild;

export interface SpawnOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For each descriptor of the program: one of this process, or what takes its place. */
  readonly stdio: readonly (number | 'inherit' | 'ignore')[];
  readonly windowsHide: boolean;
}

const bun = bunWith<{ spawn: Spawn }>();

/**
 * The runtime's own call. It starts a program within a millisecond. execa, with the modules of Node.js that it needs,
 * takes 6 ms to be loaded and called, all before the compiler begins, and compares each descriptor with each: 0.1 s if
 * clcache was given a descriptor 251.
 */
export const spawnChild: Spawn = (words, options) =>
  bun ? spawnOnBun(bun, words, options) : spawnOnNode(words, options);

function spawnOnBun(
  runtime: { spawn: Spawn },
  words: readonly string[],
  options: SpawnOptions,
): RuntimeChild {
  try {
    return tracked(() => runtime.spawn(words, options));
  } catch (error) {
    // A script that does not name its interpreter goes to the shell, as with `execvp` ("exec", POSIX) and Node.js.
    if ((error as NodeJS.ErrnoException).code !== 'ENOEXEC') throw error;
    return runtime.spawn(['/bin/sh', ...words], options);
  }
}

/** A program that cannot be started is told by an event there, after the call. */
function spawnOnNode(
  [program = '', ...args]: readonly string[],
  { cwd, env, stdio, windowsHide }: SpawnOptions,
): RuntimeChild {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = tracked(() => spawn(program, args, { cwd, env, stdio: [...stdio], windowsHide }));
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 0));
  });
  return {
    pid: child.pid,
    kill: () => child.kill(),
    exited,
    get exitCode() {
      return child.exitCode;
    },
    get signalCode() {
      return child.signalCode;
    },
  };
}
