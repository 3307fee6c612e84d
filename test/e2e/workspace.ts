import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { readStatistics } from '../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import {
  executable,
  findClangCl,
  HOST_TARGET,
  type RunResult,
  run,
  temporaryFolder,
} from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';

/** A folder with sources, its own cache, and the built program with a real compiler. */
export interface Workspace {
  readonly folder: string;
  readonly cache: string;
  /** Writes a file below the folder. */
  write(name: string, contents: string | Uint8Array): void;
  read(name: string): Buffer;
  path(name: string): string;
  /** Calls clang-cl through clcache. */
  clcache(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<RunResult>;
  /** Calls clang-cl itself. */
  compiler(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<RunResult>;
  /** Calls clcache with own options. */
  own(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<RunResult>;
  /** What `-s` shows, read in this process: tests ask often, and a program takes 20 times as long. */
  statistics(): Promise<Readonly<Record<string, number>>>;
}

/** `isBlank`: not even the compiler is known, and there is no cache folder. */
export function workspace(t: TestContext, { isBlank = false } = {}): Workspace {
  const folder = temporaryFolder(t);
  const cache = join(folder, 'cache');
  const path = (name: string) => join(folder, name);
  const base = { CLCACHE_DIR: cache };
  if (!isBlank) knowTheCompiler(cache);
  const call = (
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ) => run(program, args, { cwd: folder, env: { ...base, ...env } });
  const self: Workspace = {
    folder,
    cache,
    path,
    write(name, contents) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), contents);
    },
    read: (name) => readFileSync(path(name)),
    clcache(args, env) {
      if (!isBlank) knowTheCompiler(cache);
      return call(executable(), [findClangCl().path, HOST_TARGET, '/nologo', ...args], env);
    },
    compiler: (args, env) => call(findClangCl().path, [HOST_TARGET, '/nologo', ...args], env),
    own: (args, env) => call(executable(), args, env),
    statistics: async () => (await readStatistics(layoutOf(cache).statistics)).totals,
  };
  return self;
}

/** The counters that are not zero, without sizes and times. */
export async function counted(space: Workspace): Promise<Record<string, number>> {
  const all = await space.statistics();
  const about = Object.entries(all).filter(
    ([name, value]) => typeof value === 'number' && value !== 0 && !/Size|Entries$|Time.*Ms$/.test(name),
  );
  return Object.fromEntries(about);
}
