import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counted, type Workspace, workspace } from './workspace.ts';

const SOURCES = 12;

function library(space: Workspace): string[] {
  space.write('inc/shared.h', '#define SHARED 40\n');
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

test('32 processes at once over the same sources, cold: every object is right and the counters add up exactly', async (t) => {
  const space = workspace(t);
  const names = library(space);
  mkdirSync(space.path('bare'));
  await space.compiler(['/c', '/Iinc', '/Fobare/', ...names]);
  const expected = objectsIn(space.path('bare'));
  const calls = Array.from({ length: 32 }, async (_, index) => {
    mkdirSync(space.path(`out${index}`));
    return space.clcache(['/c', '/Iinc', `/Foout${index}/`, ...names]);
  });
  for (const result of await Promise.all(calls)) {
    assert.deepEqual([result.status, result.stdout.toString(), result.stderr.toString()], [0, '', '']);
  }
  for (let index = 0; index < calls.length; index++) {
    assert.deepEqual(objectsIn(space.path(`out${index}`)), expected, `out${index}`);
  }
  const all = await space.statistics();
  assert.equal((all['CacheHits'] ?? 0) + (all['CacheMisses'] ?? 0), 32 * SOURCES);
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
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', '/Iinc', 's0.c']);
  await space.own(['-z']);
  mkdirSync(space.path('out'));
  const calls = Array.from({ length: 64 }, () => space.clcache(['/c', '/Iinc', '/Foout/', 's0.c']));
  for (const { status } of await Promise.all(calls)) assert.equal(status, 0);
  assert.deepEqual(await counted(space), { CacheHits: 64 });
});

test('emptying and resetting beside running builds cannot be undone by them, and breaks none', async (t) => {
  const space = workspace(t);
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
