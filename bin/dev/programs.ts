/** Runs other programs, each to its end. */
import { type SpawnSyncOptions, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Failure, ON_WINDOWS, ROOT } from './project.ts';

/** Runs a program with the streams of this one; throws a `Failure` when it does not end with 0. */
export function mustRun(
  program: string,
  args: readonly string[],
  options: SpawnSyncOptions = {},
): SpawnSyncReturns<string | Buffer> {
  const result = spawnSync(program, args, { stdio: 'inherit', cwd: ROOT, ...options });
  if (result.error) throw new Failure(`cannot run ${program}: ${result.error.message}`);
  if (result.status !== 0) {
    const output = result.stderr ? `\n${result.stdout}${result.stderr}` : '';
    throw new Failure(`${program} ${args[0] ?? ''} ended with ${result.status ?? result.signal}${output}`);
  }
  return result;
}

/** Runs npm: through the script that started us where there is one, since npm.cmd needs a shell on Windows. */
export function npm(
  args: readonly string[],
  options: SpawnSyncOptions = {},
): SpawnSyncReturns<string | Buffer> {
  const started = process.env['npm_execpath'];
  if (started?.endsWith('npm-cli.js')) return mustRun(process.execPath, [started, ...args], options);
  return mustRun('npm', args, { shell: ON_WINDOWS, ...options });
}

/** Runs the command of an installed package by its script, without a shell. */
export function tool(packageName: string, script: string, args: readonly string[]): void {
  mustRun(process.execPath, [join(ROOT, 'node_modules', packageName, script), ...args]);
}
