/** A machine in a team: a home, a cache folder and a checkout that it shares with nobody. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { executable, findClangCl, HOST_TARGET, type RunResult, run } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export type Variables = Readonly<Record<string, string>>;
type RemoteCounts = Readonly<Record<'hits' | 'misses' | 'errors' | 'timeouts' | 'rejected', number>> & {
  readonly lastError?: string;
  readonly outUntil?: string;
  readonly sendsNothing?: boolean;
};

export interface Machine {
  readonly checkout: string;
  /** The whole command line and environment of `compile`, for tests that start it themselves. */
  readonly environment: Variables;
  commandLine(...sources: readonly string[]): readonly string[];
  compile(...sources: readonly string[]): Promise<RunResult>;
  own(...argv: readonly string[]): Promise<RunResult>;
  object(name: string): string;
  statistics(): Promise<{ CacheHits: number; CacheMisses: number; CacheEntries: number; CacheSize: number }>;
  remotes(): Promise<Readonly<Record<string, RemoteCounts>>>;
}

const SOURCES: Readonly<Record<string, string>> = {
  'src/one.cpp': '#include "shared.h"\nint one() { return shared() + 1; }\n',
  'src/two.cpp': '#include "shared.h"\n#warning said on every compile\nint two() { return shared() + 2; }\n',
  'include/shared.h': '#pragma once\ninline int shared() { return 40; }\n',
};

/** A checkout in a folder of its own, with a home and a cache folder of its own. */
export function machine(
  t: Pick<TestContext, 'after'>,
  variables: Variables,
  compiler: string = findClangCl().path,
): Machine {
  const home = temporaryFolder(t);
  const checkout = join(home, 'a checkout');
  for (const folder of ['src', 'include']) mkdirSync(join(checkout, folder), { recursive: true });
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(checkout, name), text);
  const env = {
    HOME: home,
    CLCACHE_DIR: join(home, 'cache'),
    CLCACHE_BASEDIR: checkout,
    ...variables,
  };
  knowTheCompiler(env.CLCACHE_DIR, { folder: checkout });
  const call = (argv: readonly string[]) => run(executable(), argv, { cwd: checkout, env });
  const self: Machine = {
    checkout,
    environment: env,
    commandLine: (...sources) => [
      compiler,
      HOST_TARGET,
      '/nologo',
      '/Iinclude',
      '/c',
      ...sources.map((name) => `src/${name}.cpp`),
    ],
    compile: (...sources) => call(self.commandLine(...sources)),
    own: (...argv) => call(argv),
    object(name) {
      const path = join(checkout, `${name}.obj`);
      return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'none';
    },
    statistics: async () => JSON.parse((await self.own('-s', '--json')).stdout.toString()),
    remotes: async () => JSON.parse((await self.own('-s', '--json')).stdout.toString()).RemoteStores,
  };
  return self;
}
