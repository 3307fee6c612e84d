/** The caches that are compared: how each is started, and how many hits its own statistics count. */
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { Compiler } from '../../bin/dev/find-compiler.ts';
import { type Command, runOnce } from './measure.ts';
import type { Tools } from './tools.ts';

export interface Contestant {
  readonly name: string;
  /** The words before the compiler. */
  readonly launcher: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Hits so far, by its own statistics. */
  hits(): number;
  /** Starts with an empty cache. */
  empty(): void;
  /** Ends background processes. */
  close(): void;
}

/** The environment of all commands: this process's, without what would configure a compiler or a cache. */
export function plainEnvironment(): Record<string, string> {
  const isForeign = /^(?:CLCACHE_|CCACHE_|SCCACHE_|NODE_|npm_|INIT_CWD$|_?CL_?$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !isForeign.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}

/** clcache as an executable. */
export function clcache(tools: Tools, folder: string): Contestant {
  return ours('clcache', [tools.executable], folder);
}

/** The executable started by npm's command, in a folder as npm makes it. */
export function clcacheByNpm(tools: Tools, folder: string): Contestant {
  const packages = join(folder, 'node_modules');
  const script = join(packages, 'clcache/bin/clcache.js');
  cpSync(tools.script, script);
  cpSync(join(dirname(tools.script), '../package.json'), join(packages, 'clcache/package.json'));
  const system = process.platform === 'win32' ? 'win32-x64' : 'linux-x64';
  const executable = join(packages, '@clcache', system, basename(tools.executable));
  mkdirSync(dirname(executable), { recursive: true });
  copyFileSync(tools.executable, executable);
  return ours('clcache by npm’s command', [process.execPath, script], join(folder, 'cache'));
}

/** clcache as a script on the Node.js that runs the bench. */
export function clcacheOnNode(tools: Tools, folder: string): Contestant {
  return ours('clcache on Node.js', [process.execPath, tools.script], folder);
}

/**
 * The other caches that are installed. ccache comes twice: with its defaults, and with its inode cache, which newer
 * versions have on by default. sccache's server is started here.
 */
export async function others(tools: Tools, folder: string): Promise<Contestant[]> {
  const found: Contestant[] = [];
  if (tools.ccache) {
    found.push(ccache(tools.ccache, tools.compiler, join(folder, 'ccache')));
    found.push(withInodeCache(ccache(tools.ccache, tools.compiler, join(folder, 'ccache-inode'))));
  }
  if (tools.sccache) found.push(await sccache(tools.sccache, join(folder, 'sccache')));
  return found;
}

/** A call of the compiler through a contestant. */
export function through(contestant: Contestant | undefined, compile: Command): Command {
  if (contestant === undefined) return compile;
  return {
    ...compile,
    words: [...contestant.launcher, ...compile.words],
    environment: { ...compile.environment, ...contestant.environment },
  };
}

function ours(name: string, launcher: readonly string[], folder: string): Contestant {
  const environment = { CLCACHE_DIR: folder };
  return {
    name,
    launcher,
    environment,
    hits: () => {
      const words = [...launcher, '-s', '--json'];
      return numberIn(JSON.parse(outputOf(words, environment)), 'CacheHits');
    },
    empty: () => emptyFolder(folder),
    close: () => {},
  };
}

function ccache(program: string, compiler: Compiler, folder: string): Contestant {
  // Its inode cache lies in its folder for temporary files. ccache does not take a `clang-cl-14` for a clang-cl by
  // itself, and would then serve objects of other sources.
  const environment = {
    CCACHE_DIR: folder,
    CCACHE_TEMPDIR: join(folder, 'tmp'),
    CCACHE_COMPILERTYPE: compiler.kind === 'cl' ? 'msvc' : 'clang-cl',
  };
  return {
    name: 'ccache',
    launcher: [program],
    environment,
    hits: () => {
      const lines = outputOf([program, '--print-stats'], environment).split('\n');
      const count = (name: string) =>
        Number(lines.find((line) => line.startsWith(`${name}\t`))?.split('\t')[1]);
      return (count('direct_cache_hit') || 0) + (count('preprocessed_cache_hit') || 0);
    },
    empty: () => emptyFolder(folder),
    close: () => {},
  };
}

function withInodeCache(contestant: Contestant): Contestant {
  const environment = { ...contestant.environment, CCACHE_INODECACHE: '1' };
  return { ...contestant, name: 'ccache with inode cache', environment };
}

async function sccache(program: string, folder: string): Promise<Contestant> {
  const environment = { SCCACHE_DIR: folder, SCCACHE_SERVER_PORT: String(await freePort()) };
  const command = (option: string) => outputOf([program, option], environment);
  mkdirSync(folder, { recursive: true });
  command('--start-server');
  return {
    name: 'sccache',
    launcher: [program],
    environment,
    hits: () => {
      const text = outputOf([program, '--show-stats', '--stats-format', 'json'], environment);
      const { counts } = JSON.parse(text).stats.cache_hits as { counts: Record<string, number> };
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    empty: () => {
      command('--stop-server');
      emptyFolder(folder);
      command('--start-server');
    },
    close: () => void command('--stop-server'),
  };
}

function outputOf(words: readonly string[], environment: Readonly<Record<string, string>>): string {
  return runOnce({ words, directory: process.cwd(), environment: { ...plainEnvironment(), ...environment } })
    .stdout;
}

function numberIn(json: unknown, name: string): number {
  const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  if (typeof value !== 'number') throw new Error(`the statistics have no ${name}`);
  return value;
}

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
