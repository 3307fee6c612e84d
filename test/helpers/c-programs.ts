import { spawnSync } from 'node:child_process';

/** Why tests that link a program cannot run. False if they can. */
export const WITHOUT_C_COMPILER =
  process.platform !== 'linux'
    ? 'the tests link programs of Linux'
    : spawnSync('cc', ['--version']).status !== 0 && 'no cc on PATH';

/** Compiles and links a C program or library. */
export function linkC(text: string, output: string, options: readonly string[] = []): void {
  const args = ['-x', 'c', '-', '-x', 'none', '-o', output, ...options];
  const { status, stderr } = spawnSync('cc', args, { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc ${args.join(' ')}: ${stderr}`);
}
