import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { type BuildCall, build, meanwhile, writeProject } from './harness/build.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { type Clcache, clcacheOf, product } from './harness/product.ts';
import { type Running, type RunResult, startWindows, toWindowsPath } from './harness/run.ts';
import { type Workspace, workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

const WEEK_MS = 7 * 24 * 3_600_000;
/** Longer than a lock may go without being refreshed. */
const PAST_STALE_MS = 4500;

interface Setup {
  readonly w: Workspace;
  readonly clcache: Clcache;
  /** Compiles `a.c`. Fails the test if the status is not 0 or the object is missing. */
  compile(): Promise<RunResult>;
  start(): Promise<Running>;
}

function setUp(t: TestContext): Setup {
  const w = workspace(t);
  w.write('a.c', 'char text[] = "compiled";\n');
  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), {
    cwd: w.root,
  });
  const args = [toWindowsPath(machine.compiler), '/nologo', '/c', 'a.c'];
  return {
    w,
    clcache,
    start: () => {
      const { program, args: all, options } = clcache.call(args);
      return startWindows(program, all, options);
    },
    compile: async () => {
      const result = await clcache.run(args);
      assert.equal(result.status, 0, String(result.stderr));
      assert.equal(String(result.stderr), '');
      assert.ok(readFileSync(w.at('a.obj')).includes('compiled'));
      rmSync(w.at('a.obj'));
      return result;
    },
  };
}

/** Every lock that a call of this cache may take, whether it is held now or not. */
function lockPaths(cache: string): string[] {
  const root = join(cache, 'v1');
  const sections = ['manifests', 'objects'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((section) => join(root, kind, section, '.lock')),
  );
  const statistics = [...'0123456789abcdef'].map((digit) => join(root, 'statistics', digit, '.lock'));
  return [...sections, ...statistics];
}

function leaveLocksBehind(cache: string, time: Date): void {
  for (const lock of lockPaths(cache)) {
    mkdirSync(lock, { recursive: true });
    utimesSync(lock, time, time);
  }
}

/** A call takes its last lock within this time after its object is there. */
const AFTER_OBJECT_MS = 500;

/** Starts calls until one could be stopped while it held a lock. Returns that call and its locks. */
async function stopWhileHolding(
  { w, clcache, start }: Setup,
  stop: (running: Running) => Promise<void>,
): Promise<{ readonly running: Running; readonly locks: readonly string[] }> {
  const candidates = lockPaths(clcache.cache);
  for (let attempt = 0; attempt < 40; attempt += 1) {
    rmSync(w.at('a.obj'), { force: true });
    const running = await start();
    let end = Date.now() + 30_000;
    // Without returning to the event loop, because a lock is held for about a millisecond.
    while (!candidates.some((lock) => existsSync(lock)) && Date.now() < end) {
      if (existsSync(w.at('a.obj'))) end = Math.min(end, Date.now() + AFTER_OBJECT_MS);
    }
    await stop(running);
    const locks = candidates.filter((lock) => existsSync(lock));
    if (locks.length > 0) return { running, locks };
    await running.resume().catch(() => undefined);
    await running.result;
  }
  throw new Error('no call could be caught while it held a lock');
}

test('a lock whose owner was killed is taken over after some seconds, and the call is a hit', async (t) => {
  const setup = setUp(t);
  await setup.compile();
  const { locks } = await stopWhileHolding(setup, async (running) => {
    running.kill();
    await running.result;
  });
  t.diagnostic(`killed while it held ${locks.length} lock(s)`);
  const before = await setup.clcache.statistics();
  const next = await setup.compile();
  assert.ok(next.milliseconds < 60_000, `it took ${next.milliseconds} ms`);
  const after = await setup.clcache.statistics();
  assert.equal(after('CacheHits') - before('CacheHits'), 1);
  assert.equal(after('LockTimeouts'), 0);
});

test('an owner that was suspended past the stale limit does no harm when it goes on', async (t) => {
  const setup = setUp(t);
  await setup.compile();
  const { running, locks } = await stopWhileHolding(setup, (caught) => caught.suspend());
  t.diagnostic(`suspended while it held ${locks.length} lock(s)`);
  const lookups = async () => {
    const counted = await setup.clcache.statistics();
    return counted('CacheHits') + counted('CacheMisses');
  };
  const before = await lookups();
  await new Promise((resolve) => setTimeout(resolve, PAST_STALE_MS));
  // Hits, or misses if the sleeping process has the lock's folder open at this moment, so that nobody can remove it.
  for (let i = 0; i < 3; i += 1) await setup.compile();
  await running.resume();
  assert.equal((await running.result).status, 0);
  const hits = (await setup.clcache.statistics())('CacheHits');
  await setup.compile();
  const counted = await setup.clcache.statistics();
  assert.equal(counted('CacheHits') - hits, 1);
  assert.equal(counted('DamagedEntries'), 0);
  // Three, the last one, and the sleeping call unless it was counted before.
  const grown = (await lookups()) - before;
  assert.ok(grown === 4 || grown === 5, `${grown} lookups counted`);
});

const LEFT_BEHIND = {
  'left over from a crash last week do not delay a call': { age: WEEK_MS, limitMs: 3000 },
  'of an owner that died just now delay a call by seconds only': { age: 0, limitMs: 12_000 },
  'from the future, as after the clock was set back, delay a call by seconds only': {
    age: -3_600_000,
    limitMs: 20_000,
  },
};

for (const [what, { age, limitMs }] of Object.entries(LEFT_BEHIND)) {
  test(`locks ${what}`, async (t) => {
    const { clcache, compile } = setUp(t);
    await compile();
    leaveLocksBehind(clcache.cache, new Date(Date.now() - age));
    const { milliseconds } = await compile();
    t.diagnostic(`${Math.round(milliseconds)} ms`);
    assert.ok(milliseconds < limitMs, `it took ${milliseconds} ms`);
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheHits'), counted('LockTimeouts')], [1, 0]);
  });
}

test('a timeout at a lock that is kept alive never fails a build', async (t) => {
  const { clcache, w } = setUp(t);
  const args = [toWindowsPath(machine.compiler), '/nologo', '/c', 'a.c'];
  await clcache.run(args);
  const refreshing = setInterval(() => leaveLocksBehind(clcache.cache, new Date()), 200);
  t.after(() => clearInterval(refreshing));
  leaveLocksBehind(clcache.cache, new Date());
  const result = await clcache.run(args, { env: { CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '700' } });
  assert.equal(result.status, 0, String(result.stderr));
  assert.equal(String(result.stdout), 'a.c\r\n');
  assert.ok(existsSync(w.at('a.obj')));
  assert.ok(result.milliseconds < 60_000, `it took ${result.milliseconds} ms`);
});

/** So many calls of so many sources, and more while something goes on. */
function* compiles(
  clcache: Clcache,
  { count, sources }: { readonly count: number; readonly sources: number },
  goesOn = () => false,
): Generator<BuildCall> {
  for (let index = 0; index < count || goesOn(); index += 1) {
    const several = index % 5 === 4;
    const picked = several ? [0, 1, 2, 3].map((i) => (index + i) % sources) : [index % sources];
    yield { clcache, sources: picked, generation: Math.floor(index / 8) };
  }
}

test('-s, -c, -C, -M and -z beside a running build fail no compile and are never refused', async (t) => {
  const { w, clcache } = setUp(t);
  const project = writeProject(w, 8);
  const commands = [['-s'], ['-c'], ['-M', '200000'], ['-C'], ['-z'], ['-M', '50000000'], ['-c']];
  let next = 0;
  const calls = compiles(clcache, { count: 12, sources: 8 }, () => next < commands.length);
  // Few, so that the commands are soon through.
  const building = build(machine, w, project, calls, 3);
  const refusals: string[] = [];
  await meanwhile(building, 50, async () => {
    const command = commands[next++ % commands.length] ?? [];
    const { status, stderr } = await clcache.run(command);
    if (status !== 0 || stderr.length > 0) refusals.push(`${command.join(' ')}: status ${status} ${stderr}`);
  });
  t.diagnostic(`${next} commands`);
  assert.deepEqual(await building, []);
  assert.deepEqual(refusals, []);
  const counted = await clcache.statistics();
  for (const trouble of ['DamagedEntries', 'CacheErrors', 'LockTimeouts'])
    assert.equal(counted(trouble), 0, trouble);
});

test('deleting the cache folder under a running build fails no compile', async (t) => {
  const { w, clcache } = setUp(t);
  const project = writeProject(w, 8);
  const building = build(machine, w, project, compiles(clcache, { count: 12, sources: 8 }), 4);
  let deleted = 0;
  await meanwhile(building, 400, async () => {
    try {
      rmSync(clcache.cache, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
      deleted += 1;
    } catch (error) {
      // A file was added to the folder while it was being emptied.
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOTEMPTY');
    }
  });
  t.diagnostic(`deleted ${deleted} times`);
  assert.deepEqual(await building, []);
  const again = [
    { clcache, sources: [0], generation: 9 },
    { clcache, sources: [0], generation: 9 },
  ];
  assert.deepEqual(await build(machine, w, project, again, 1), []);
  assert.equal((await clcache.statistics())('DamagedEntries'), 0);
});

test('calls that are killed at any moment leave a working cache without wrong entries', async (t) => {
  const { w, clcache } = setUp(t);
  const project = writeProject(w, 8);
  for (let round = 0; round < 12; round += 1) {
    const sources = [0, 1, 2, 3].map((i) => toWindowsPath(project.sources[(round + i) % 8] ?? ''));
    const args = [toWindowsPath(machine.compiler), '/nologo', '/c', '/DGENERATION=1', ...sources];
    const { program, args: all, options } = clcache.call(args);
    const running = await startWindows(program, all, options);
    await new Promise((resolve) => setTimeout(resolve, 60 + round * 50));
    running.kill();
    await running.result;
  }
  const all = [0, 1, 2, 3, 4, 5, 6, 7];
  const calls = [0, 1, 2].map(() => ({ clcache, sources: all, generation: 1 }));
  assert.deepEqual(await build(machine, w, project, calls.slice(0, 2), 1), []);
  const before = (await clcache.statistics())('CacheHits');
  assert.deepEqual(await build(machine, w, project, calls.slice(2), 1), []);
  const counted = await clcache.statistics();
  assert.equal(counted('CacheHits') - before, 8);
  assert.equal(counted('LockTimeouts'), 0);
});
