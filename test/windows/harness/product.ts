import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../bin/dev/project.ts';
import { readStatistics } from '../../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../../src/storage/local/layout.ts';
import { knowTheCompiler } from './learnt.ts';
import { type Machine, ON_WINE } from './prefix.ts';
import { type Call, type RunOptions, type RunResult, runWindows, toWindowsPath } from './run.ts';

/** One of the two forms of clcache on Windows. */
export interface Product {
  readonly name: string;
  readonly program: string;
  /** What goes before clcache's own arguments. */
  readonly first: readonly string[];
}

/** `CLCACHE_TEST_DIST` names another build to be tested. */
const DIST = process.env['CLCACHE_TEST_DIST'] ?? join(ROOT, 'dist');
export const EXECUTABLE = join(DIST, 'exe', 'windows-x64', 'clcache.exe');
/** What npm's link starts: with it Node.js keeps the compiled code, which saves a fifth of a hit. */
const SCRIPT = join(DIST, '../bin/clcache.js');

export type ProductName = 'the Windows executable' | 'the npm package on Windows Node';
export const PRODUCT_NAMES = ['the Windows executable', 'the npm package on Windows Node'] as const;

export function product(machine: Machine, name: ProductName): Product {
  const isExecutable = name === 'the Windows executable';
  const file = isExecutable ? EXECUTABLE : SCRIPT;
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build && npm run build:exe`);
  return isExecutable
    ? { name, program: EXECUTABLE, first: [] }
    : { name, program: machine.node, first: [toWindowsPath(SCRIPT)] };
}

/** clcache with a cache folder of its own, which knows the machine's compiler unless the folder is there already. */
export interface Clcache {
  /** The folder of the cache, on the host. */
  readonly cache: string;
  /** A compile: the machine's compiler goes before `args`. */
  compile(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Any command line. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The same as a value that can be run later. */
  call(args: readonly string[], options?: RunOptions): Call;
  /** Under Wine they are read in this process, which takes a hundredth of the time. */
  statistics(): Promise<Statistics>;
  /** The same, read by this very product. */
  statisticsOnWindows(): Promise<Statistics>;
}

/** Counters under the Python clcache's names. 0 for a missing one. */
export type Statistics = (counter: string) => number;

export function clcacheOf(
  machine: Machine,
  what: Product,
  cache: string,
  defaults: RunOptions = {},
): Clcache {
  knowTheCompiler(cache, { machine, executable: EXECUTABLE, compiler: machine.compiler });
  const call = (args: readonly string[], options: RunOptions = {}): Call => ({
    program: what.program,
    args: [...what.first, ...args],
    options: {
      ...defaults,
      ...options,
      env: { CLCACHE_DIR: toWindowsPath(cache), ...defaults.env, ...options.env },
    },
  });
  const run = (args: readonly string[], options?: RunOptions) => {
    const { program, args: all, options: allOptions } = call(args, options);
    return runWindows(program, all, allOptions);
  };
  return {
    cache,
    call,
    run,
    compile: (args, options) => run([toWindowsPath(machine.compiler), ...args], options),
    statistics: async () => (ON_WINE ? readHere(cache) : shownBy(await run(['-s', '--json']))),
    statisticsOnWindows: async () => shownBy(await run(['-s', '--json'])),
  };
}

async function readHere(cache: string): Promise<Statistics> {
  const { totals } = await readStatistics(layoutOf(cache).statistics);
  const counters: Readonly<Record<string, number>> = totals;
  return (counter) => counters[counter] ?? 0;
}

function shownBy({ status, stdout, stderr }: Pick<RunResult, 'status' | 'stdout' | 'stderr'>): Statistics {
  if (status !== 0) throw new Error(`clcache -s --json: status ${status}: ${stderr}`);
  const counters = JSON.parse(String(stdout)) as Record<string, unknown>;
  return (counter) => Number(counters[counter] ?? 0);
}
