import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../bin/dev/project.ts';
import { readStatistics } from '../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { executable, type RunResult, run } from './compilers.ts';

const FIXTURES = join(ROOT, 'test/fixtures');

/** Why a test with CMake cannot run here; undefined if it can. On Windows it takes a developer prompt. */
export function whyNoCMake(...programs: readonly string[]): string | undefined {
  const missing = ['cmake', ...programs, ...(process.platform === 'win32' ? ['cl'] : [])].find(
    (name) => !isOnPath(name),
  );
  return missing && `${missing} is not on PATH`;
}

export function isOnPath(program: string): boolean {
  const ending = process.platform === 'win32' ? '.exe' : '';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program + ending)));
}

/** The module as it is shipped beside the executable. */
export function cmakeModule(): string {
  return join(executable(), '../cmake/Clcache.cmake').replaceAll('\\', '/');
}

/** What makes CMake use a compiler with cl's command line: clang-cl on Linux, nothing special on Windows. */
export function toolchain(): string[] {
  return process.platform === 'win32' ? [] : [`-DCMAKE_TOOLCHAIN_FILE=${FIXTURES}/clang-cl-toolchain.cmake`];
}

/** Configures `source` into `build`. Fails with CMake's output. */
export async function configure(
  source: string,
  build: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return succeed(await run('cmake', ['-S', source, '-B', build, ...args], { env }));
}

/** Builds. Fails with the build tool's output, or returns it. */
export async function build(
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<string> {
  return succeed(await run('cmake', ['--build', folder, ...args], { env }));
}

export function succeed({ status, stdout, stderr }: RunResult): string {
  if (status !== 0) throw new Error(`status ${status}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** The counters of a cache under the Python clcache's names. */
export async function counters(cacheDirectory: string): Promise<Readonly<Record<string, number>>> {
  return (await readStatistics(layoutOf(cacheDirectory).statistics)).totals;
}

/** The compile commands of a build folder that is configured for Ninja, launchers included. */
export async function compileCommands(folder: string): Promise<string[]> {
  const commands = succeed(await run('ninja', ['-C', folder, '-t', 'commands']));
  return commands.split(/\r?\n/).filter((command) => / [-/]c /.test(command));
}
