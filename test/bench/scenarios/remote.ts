/**
 * The demo's library through each kind of shared store, on real servers: on a machine that fills the store, on one that
 * has only the store, and there once more.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureAzurite } from '../../../bin/dev/azurite.ts';
import { compileOptions, fetchLibrary, objectOf } from '../../../bin/dev/library.ts';
import { ensureTools, SERVERS } from '../../../bin/dev/setup.ts';
import { ACCOUNT_KEY, azuriteUrl, startAzurite } from '../../helpers/azurite.ts';
import {
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../../helpers/remote-servers.ts';
import { type Bench, type Measured, rowsOf, type Scenario } from '../bench.ts';
import { clcache, plainEnvironment, through } from '../contestants.ts';
import type { Command, Series } from '../measure.ts';
import { inProject } from '../tools.ts';

export const remote: Scenario = { name: 'remote', isSlow: true, run };

const ROUNDS = 3;
const BARE = 'the compiler alone';

type Environment = Readonly<Record<string, string>>;

interface Store {
  readonly name: string;
  /** Starts the server empty, with everything that clcache needs to find it. */
  start(folder: string): Promise<{ readonly environment: Environment; stop(): Promise<void> }>;
}

const STORES: readonly Store[] = [
  { name: 'no store', start: async () => ({ environment: {}, stop: async () => {} }) },
  { name: 'file', start: startFolder },
  server('memcached', startMemcached, (port) => `memcached://127.0.0.1:${port}`),
  server('redis', startRedis, (port) => `redis://127.0.0.1:${port}`),
  server('http (nginx)', startNginx, (port) => `http://127.0.0.1:${port}/open`),
  server('s3 (s3rver)', startS3, (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}`),
  server('azblob (Azurite)', startAzurite, (port) => azuriteUrl(port, `&key=${ACCOUNT_KEY}`)),
];

async function run(bench: Bench): Promise<Measured[]> {
  const home = inProject('dist/demo');
  mkdirSync(home, { recursive: true });
  ensureTools([SERVERS]);
  ensureAzurite();
  const library = fetchLibrary(home, { all: false });
  const options = compileOptions(bench.tools.compiler, library);
  const objects = join(bench.directory, 'objects');
  const commands = library.sources.map((source) => ({
    words: [bench.tools.compiler.path, ...options, source, `/Fo${join(objects, objectOf(source))}`],
    directory: library.folder,
    environment: plainEnvironment(),
  }));
  const samples = new Map<string, number[]>();
  const add = (name: string, milliseconds: number) => {
    bench.progress(`${name}: ${Math.round(milliseconds)} ms`);
    samples.set(name, [...(samples.get(name) ?? []), milliseconds]);
  };
  const build = async (calls: readonly Command[]) => {
    rmSync(objects, { recursive: true, force: true });
    mkdirSync(objects, { recursive: true });
    const started = performance.now();
    await runAll(calls);
    return performance.now() - started;
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    for (let turn = 0; turn < STORES.length; turn += 1) {
      const store = STORES[(round + turn) % STORES.length];
      if (!store) continue;
      // Measured just before, because a minute later other load may distort the ratios.
      add(bareOf(store), await build(commands));
      await measureStore(bench, store, { commands, build, add });
    }
  }
  const all = [...samples].map(([name, each]): Series => ({ name, samples: each }));
  const rows = STORES.flatMap((store) => {
    const own = all.filter(({ name }) => name.startsWith(`${store.name}, `));
    return rowsOf(own, bareOf(store));
  });
  const title = `${library.sources.length} sources of ${library.title.replace(/ \(.*$/, '')}, shared`;
  return [{ title, unit: 'ms', reference: BARE, rows, claims: [], notes: [] }];
}

const bareOf = (store: Store): string => `${store.name}, ${BARE}`;

interface Building {
  readonly commands: readonly Command[];
  readonly build: (calls: readonly Command[]) => Promise<number>;
  readonly add: (name: string, milliseconds: number) => void;
}

/** Throws unless the second machine has only hits, first from the store and then without it. */
async function measureStore(bench: Bench, store: Store, { commands, build, add }: Building): Promise<void> {
  const folder = join(bench.directory, 'store');
  mkdirSync(folder);
  const { environment, stop } = await store.start(folder);
  try {
    const isShared = Object.keys(environment).length > 0;
    const [first, second] = ['first', 'second']
      .map((name) => clcache(bench.tools, join(bench.directory, isShared ? name : 'first')))
      .map((machine) => ({ ...machine, environment: { ...machine.environment, ...environment } }));
    if (!first || !second) return;
    first.empty();
    second.empty();
    add(`${store.name}, cold`, await build(commands.map((command) => through(first, command))));
    for (const phase of isShared
      ? ['warm from the store', 'warm from the folder']
      : ['warm from the folder']) {
      const before = second.hits();
      add(`${store.name}, ${phase}`, await build(commands.map((command) => through(second, command))));
      const hits = second.hits() - before;
      if (hits !== commands.length) throw new Error(`${store.name}, ${phase}: ${hits} hits`);
    }
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a build tool does: as many at a time as there are processors. Rejects if one fails. */
async function runAll(commands: readonly Command[]): Promise<void> {
  const queue = commands.values();
  const worker = async () => {
    for (const { words, directory, environment } of queue) {
      const [program = '', ...args] = words;
      await new Promise<void>((resolve, reject) => {
        const child = spawn(program, args, { cwd: directory, env: environment, stdio: 'ignore' });
        child.once('error', reject).once('exit', (status) => {
          if (status === 0) resolve();
          else reject(new Error(`${words.join(' ')} ended with ${status}`));
        });
      });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function startFolder(folder: string): ReturnType<Store['start']> {
  return { environment: { CLCACHE_REMOTE: pathToFileURL(folder).href }, stop: async () => {} };
}

function server(name: string, start: () => Promise<StartedServer>, url: (port: number) => string): Store {
  return {
    name,
    async start() {
      const { port, stop } = await start();
      const credentials = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
      return { environment: { CLCACHE_REMOTE: url(port), ...credentials }, stop };
    },
  };
}
