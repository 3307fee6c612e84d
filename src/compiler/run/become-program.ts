import type { Environment } from '../../util/environment.ts';

/** Of Node.js 22.15 and later, and of Bun. Never on Windows. Does not return if it succeeds. */
type Execve = (file: string, words: readonly string[], environment: Environment) => never;

/**
 * Replaces this process by a program, which needs neither a descriptor nor a process. Returns if the system or the
 * runtime cannot do that.
 */
export function becomeProgram(words: readonly string[], environment: Environment): void {
  const execve: Execve | undefined = Reflect.get(process, 'execve');
  if (process.platform === 'win32' || !execve) return;
  for (const command of [words, ['/bin/sh', ...words]]) {
    try {
      execve(command[0] ?? '', command, environment);
    } catch (error) {
      // Only a script that does not name its interpreter is for the shell. All else fails as it does without a cache.
      if ((error as NodeJS.ErrnoException).code !== 'ENOEXEC') return;
    }
  }
}
