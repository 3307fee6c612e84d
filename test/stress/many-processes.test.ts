import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counted, type Workspace, workspace } from '../e2e/workspace.ts';

const SOURCES = 6;
/** A busy machine must not count as a lock that is not free. */
const PATIENT = { CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '60000' };

function library(space: Workspace): string[] {
  space.write('inc/shared.h', '#ifndef G\n#define G 0\n#endif\n#define SHARED (40 + G)\n');
  const names = Array.from({ length: SOURCES }, (_, index) => `s${index}.c`);
  for (const [index, name] of names.entries()) {
    space.write(name, `#include "shared.h"\nint f${index}(void) { return SHARED + ${index}; }\n`);
  }
  return names;
}

function objectsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]),
  );
}

test('16 processes at once over the same sources make right objects, and the counters add up exactly', async (t) => {
  const space = workspace(t, { isBlank: true });
  const names = library(space);
  mkdirSync(space.path('bare'));
  await space.compiler(['/c', '/Iinc', '/Fobare/', ...names]);
  const expected = objectsIn(space.path('bare'));
  const calls = Array.from({ length: 16 }, async (_, index) => {
    mkdirSync(space.path(`out${index}`));
    return space.clcache(['/c', '/Iinc', `/Foout${index}/`, ...names], PATIENT);
  });
  for (const result of await Promise.all(calls)) {
    assert.deepEqual([result.status, result.stdout.toString(), result.stderr.toString()], [0, '', '']);
  }
  for (let index = 0; index < calls.length; index++) {
    assert.deepEqual(objectsIn(space.path(`out${index}`)), expected, `out${index}`);
  }
  const all = await space.statistics();
  assert.equal((all['CacheHits'] ?? 0) + (all['CacheMisses'] ?? 0), 16 * SOURCES);
  assert.equal(all['CacheMisses'], (all['SourceChangedMisses'] ?? 0) + (all['HeaderChangedMisses'] ?? 0));
  assert.equal(all['CacheEntries'], SOURCES);
  for (const trouble of ['LockTimeouts', 'CacheErrors', 'DamagedEntries', 'NotStored', 'FailedCompiles']) {
    assert.equal(all[trouble], 0, trouble);
  }
  const size = all['CacheSize'];
  await space.own(['-c']);
  assert.equal((await space.statistics())['CacheSize'], size, 'the counted size is what is there');
});

test('64 processes that only hit lose no count', async (t) => {
  const space = workspace(t, { isBlank: true });
  library(space);
  await space.clcache(['/c', '/Iinc', 's0.c']);
  await space.own(['-z']);
  mkdirSync(space.path('out'));
  const calls = Array.from({ length: 64 }, () => space.clcache(['/c', '/Iinc', '/Foout/', 's0.c']));
  for (const { status } of await Promise.all(calls)) assert.equal(status, 0);
  assert.deepEqual(await counted(space), { CacheHits: 64 });
});

/** More of them find rarer faults. */
const CALLS = Number(process.env['CLCACHE_STRESS_CALLS'] ?? 96);
const AT_ONCE = 32;
const GENERATIONS = 3;

test(`${AT_ONCE} processes at once with hits and misses, readers of the statistics and a scanner: none of ${CALLS} calls fails, is lost or waits much longer than others`, async (t) => {
  const space = workspace(t, { isBlank: true });
  const names = library(space);
  const expected: Record<string, string>[] = [];
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    mkdirSync(space.path(`bare${generation}`));
    await space.compiler(['/c', '/Iinc', `/DG=${generation}`, `/Fobare${generation}/`, ...names]);
    expected.push(objectsIn(space.path(`bare${generation}`)));
  }
  let started = 0;
  let isDone = false;
  const begin = performance.now();
  // All enter a generation at about the same time, so that many miss the same entry at once. Every fourth call has
  // several sources.
  const slots = Array.from({ length: AT_ONCE }, async (_, slot) => {
    const out = `out${slot}`;
    mkdirSync(space.path(out));
    for (let call = started++; call < CALLS; call = started++) {
      const generation = Math.floor((call * GENERATIONS) / CALLS);
      const count = call % 4 === 3 ? 3 : 1;
      const sources = Array.from({ length: count }, (_each, i) => names[(call * 5 + i) % names.length] ?? '');
      const args = ['/c', '/Iinc', `/DG=${generation}`, `/Fo${out}/`, ...sources];
      const result = await space.clcache(args, { CLCACHE_PROFILE: '1', ...PATIENT });
      const said = [result.status, result.stdout.toString(), result.stderr.toString()];
      assert.deepEqual(said, [0, '', ''], `call ${call}`);
      for (const source of sources) {
        const object = source.replace('.c', '.obj');
        const bytes = readFileSync(space.path(`${out}/${object}`), 'base64');
        assert.equal(bytes, expected[generation]?.[object], `call ${call}, ${object}`);
      }
    }
  });
  // One as the program itself shows them, and one in this process, which takes a twentieth of the time.
  const readers = [() => shownStatistics(space), () => space.statistics()].map(async (read) => {
    for (let last = 0; !isDone; ) {
      const { CacheHits = 0, CacheMisses = 0 } = await read();
      assert.ok(CacheHits + CacheMisses >= last, `${CacheHits + CacheMisses} after ${last}`);
      last = CacheHits + CacheMisses;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  const scanner = (async () => {
    for (; !isDone; await new Promise((resolve) => setTimeout(resolve, 20))) holdSomeFiles(space.cache);
  })();
  try {
    await Promise.all(slots);
  } finally {
    isDone = true;
  }
  const whole = performance.now() - begin;
  await Promise.all([...readers, scanner]);

  const waits = waitsIn(space);
  assert.equal(waits.length, CALLS);
  t.diagnostic(`waited for locks: ${waits.slice(0, 5).join(', ')} ms at most, of ${Math.round(whole)} ms`);
  // Whoever starves waits until the others are through, however fast the machine is.
  assert.ok((waits[0] ?? whole) < 0.75 * whole, `${waits[0]} of ${whole} ms`);
  const all = await space.statistics();
  const lookups = CALLS + 2 * Math.floor(CALLS / 4);
  assert.equal((all['CacheHits'] ?? 0) + (all['CacheMisses'] ?? 0), lookups);
  assert.equal(all['CacheEntries'], SOURCES * GENERATIONS);
  t.diagnostic(`${all['CacheHits']} hits, ${all['CacheMisses']} misses`);
  for (const trouble of ['LockTimeouts', 'CacheErrors', 'DamagedEntries', 'NotStored', 'FailedCompiles']) {
    assert.equal(all[trouble], 0, trouble);
  }
  const size = all['CacheSize'];
  await space.own(['-c']);
  assert.equal((await space.statistics())['CacheSize'], size, 'the counted size is what is there');
});

/** As the program itself shows them. */
async function shownStatistics(space: Workspace): Promise<Record<string, number>> {
  return JSON.parse((await space.own(['-s', '--json'])).stdout.toString()) as Record<string, number>;
}

/** Like a virus scanner: opens some files of the cache, reads a little and keeps them open for a while. */
function holdSomeFiles(folder: string): void {
  for (let count = 0; count < 16; count += 1) {
    try {
      const descriptor = openSync(somethingBelow(folder), 'r');
      setTimeout(() => closeSync(descriptor), 30);
      readSync(descriptor, Buffer.alloc(100));
    } catch {
      // It does not exist yet, is a folder, or was removed meanwhile.
    }
  }
}

function somethingBelow(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true });
  const entry = entries[Math.floor(Math.random() * entries.length)];
  if (!entry) return folder;
  return entry.isDirectory() ? somethingBelow(join(folder, entry.name)) : join(folder, entry.name);
}

/** How long each call with a profile waited for locks, in milliseconds, the longest first. */
function waitsIn(space: Workspace): number[] {
  const profiles = readdirSync(space.folder).filter((name) => name.endsWith('.trace.json'));
  const waits = profiles.map((name) => Math.round(waitedIn(space.read(name).toString())));
  return waits.sort((left, right) => right - left);
}

/** How long a call waited for locks in all, in milliseconds. */
function waitedIn(profile: string): number {
  const { traceEvents } = JSON.parse(profile) as { traceEvents: { name: string; dur: number }[] };
  const waits = traceEvents.filter(({ name }) => name.startsWith('wait for '));
  return waits.reduce((sum, { dur }) => sum + dur / 1000, 0);
}

test('clearing and resetting beside running builds is not undone by them, and breaks none', async (t) => {
  const space = workspace(t, { isBlank: true });
  const names = library(space);
  const builds = Array.from({ length: 6 }, async (_, index) => {
    mkdirSync(space.path(`out${index}`));
    for (let round = 0; round < 4; round++) {
      const result = await space.clcache(['/c', '/Iinc', `/Foout${index}/`, ...names]);
      assert.equal(result.status, 0, result.stderr.toString());
    }
  });
  const own = ['-z', '-C', '-c', '-s', '-z', '-C'].map((option) => space.own([option]));
  for (const { status, stderr } of await Promise.all(own)) assert.equal(status, 0, stderr.toString());
  await Promise.all(builds);
  await space.own(['-C']);
  await space.own(['-z']);
  const { CacheEntries, CacheSize, CacheHits, CacheMisses } = await space.statistics();
  assert.deepEqual(
    { CacheEntries, CacheSize, CacheHits, CacheMisses },
    { CacheEntries: 0, CacheSize: 0, CacheHits: 0, CacheMisses: 0 },
  );
  rmSync(space.path('out0'), { recursive: true });
});
