import type { Environment } from '../util/environment.ts';

/** Of Node.js 22.15 and later, and of Bun; never on Windows. Does not return if it works. */
type Execve = (file: string, words: readonly string[], environment: Environment) => never;

/**
 * Has a program take the place of this process, which needs neither a descriptor nor a process. Returns where the system
 * or the runtime cannot do that.
 */
export function becomeProgram(words: readonly string[], environment: Environment): void {
  const execve: Execve | undefined = Reflect.get(process, 'execve');
  if (process.platform === 'win32' || !execve) return;
  // A script that does not say what runs it is the shell's.
  for (const command of [words, ['/bin/sh', ...words]]) {
    try {
      execve(command[0] ?? '', command, environment);
    } catch {
      // The usual way is left.
    }
  }
}
