import { bunWith } from './bun.ts';
import { tracked } from './file-tracking.ts';

/** A started program. */
export interface RuntimeChild {
  readonly pid: number;
  kill(signal?: 'SIGKILL'): unknown;
  /** Ends when the program has ended. Then one of the next two is set. */
  readonly exited: Promise<number>;
  readonly exitCode: number | null;
  /** The name of the signal that ended it. */
  readonly signalCode: string | null;
}

/** Starts a program, given as its words. Throws if the system cannot start it. */
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
 * Bun's own call, undefined on Node.js. It starts a program within half a millisecond. execa, with the modules of
 * Node.js that it needs, takes 6 ms to be loaded and called, all before the compiler begins: a fifth of what a miss
 * added.
 */
export const spawnChild: Spawn | undefined = bun && ((words, options) => spawn(bun, words, options));

function spawn(runtime: { spawn: Spawn }, words: readonly string[], options: SpawnOptions): RuntimeChild {
  try {
    return tracked(() => runtime.spawn(words, options));
  } catch (error) {
    // A script that does not name its interpreter goes to the shell, as with `execvp` ("exec", POSIX) and Node.js.
    if ((error as NodeJS.ErrnoException).code !== 'ENOEXEC') throw error;
    return runtime.spawn(['/bin/sh', ...words], options);
  }
}
