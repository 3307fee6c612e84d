import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { type BuildCall, build, meanwhile, writeProject } from './harness/build.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { type Clcache, clcacheOf, product } from './harness/product.ts';
import { startWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

/** More of them find rarer faults. Fewer than 60 may not compile every source in the last generation. */
const COMPILES = Number(process.env['CLCACHE_STRESS_COMPILES'] ?? 72);
/** With more, a process may be kept waiting until its lock counts as left behind. */
const AT_ONCE = 8;
const SOURCES = 8;
const GENERATIONS = 3;
const SCANNERS = 1;
const STATISTICS_READERS = 2;

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

/**
 * Calls with one source, and every fourth with four. All slots enter a new generation at about the same time, so that
 * many miss the same entry at once. Every eighth call is made by Node.js, the others by the executable.
 */
function* calls(executable: Clcache, onNode: Clcache): Generator<BuildCall> {
  let compiles = 0;
  for (let index = 0; compiles < COMPILES; index += 1) {
    const wanted = index % 4 === 3 ? 4 : 1;
    const count = Math.min(wanted, COMPILES - compiles);
    const sources = Array.from({ length: count }, (_, i) => (index * 7 + i) % SOURCES);
    const generation = Math.floor((compiles / COMPILES) * GENERATIONS);
    compiles += count;
    yield { clcache: index % 8 === 5 ? onNode : executable, sources, generation };
  }
}

test(`${AT_ONCE} processes at once with readers of the statistics and a scanner: no compile fails and no count is lost`, async (t) => {
  const w = workspace(t);
  mkdirSync(w.at('cache'));
  const project = writeProject(w, SOURCES);
  const patient = { env: { CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '120000' } };
  const executable = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), patient);
  const onNode = clcacheOf(
    machine,
    product(machine, 'the npm package on Windows Node'),
    w.at('cache'),
    patient,
  );

  const scannerArguments = [toWindowsPath(w.at('cache')), '3600', toWindowsPath(w.at('stop'))];
  const scanners = await Promise.all(
    Array.from({ length: SCANNERS }, () => startWindows(machine.holder, scannerArguments)),
  );
  const started = performance.now();
  const building = build(machine, w, project, calls(executable, onNode), AT_ONCE);
  let reads = 0;
  const readers = Array.from({ length: STATISTICS_READERS }, () => {
    let last = 0;
    return meanwhile(building, 1000, async () => {
      const counted = await executable.statisticsOnWindows();
      const now = counted('CacheHits') + counted('CacheMisses');
      assert.ok(now >= last, `the counts went back from ${last} to ${now}`);
      last = now;
      reads += 1;
    });
  });
  const problems = await building;
  await Promise.all(readers);
  const seconds = (performance.now() - started) / 1000;
  w.write('stop', '');
  for (const scanner of scanners) t.diagnostic(`scanner: ${(await scanner.result).stdout}`.trim());

  assert.deepEqual(problems, []);
  const counted = await executable.statistics();
  t.diagnostic(`${COMPILES} compiles in ${Math.round(seconds)} s, ${reads} reads of the statistics`);
  t.diagnostic(`hits ${counted('CacheHits')}, misses ${counted('CacheMisses')}`);
  assert.equal(counted('CacheHits') + counted('CacheMisses'), COMPILES);
  for (const trouble of ['DamagedEntries', 'CacheErrors', 'LockTimeouts', 'NotStored', 'FailedCompiles']) {
    assert.equal(counted(trouble), 0, trouble);
  }

  const all = Array.from({ length: SOURCES }, (_, source) => source);
  const again = [{ clcache: executable, sources: all, generation: GENERATIONS - 1 }];
  assert.deepEqual(await build(machine, w, project, again, 1), []);
  assert.equal(
    (await executable.statistics())('CacheHits') - counted('CacheHits'),
    SOURCES,
    'an entry was lost',
  );
});
