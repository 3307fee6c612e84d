import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checkCalls } from '../../src/doctor/checks/calls.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { counted, linesOf } from './surroundings.ts';

const LAST_CALL = Date.UTC(2026, 0, 1);

async function said(
  workingDirectory: string,
  statistics = counted({}),
  cache = join(workingDirectory, 'cache'),
) {
  const config = { workingDirectory, isFolderGone: false };
  return linesOf(await checkCalls({ config, layout: layoutOf(cache), statistics }));
}

function object(folder: string, name: string, time: number): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  utimesSync(path, time / 1000, time / 1000);
}

const build = { from: LAST_CALL - 1000, to: LAST_CALL, counts: { CacheHits: 3 }, refused: {} };
const calls = counted({ CacheHits: 3, CacheMisses: 1 }, { builds: [build], since: LAST_CALL - 5000 });
const none = counted({ CacheSize: 5 }, { builds: [], since: undefined });

test('no call since clcache was installed is looked at, and says how to set it up', async (t) => {
  const [line, ...others] = await said(temporaryFolder(t), none);
  assert.match(
    line ?? '',
    /^look no call was counted in \S+cache yet => see clcache --cmake or clcache --msbuild/,
  );
  assert.deepEqual(others, []);
});

test('counted calls are good, also those of versions that noted no times', async (t) => {
  assert.match(
    (await said(temporaryFolder(t), calls))[0] ?? '',
    /^good 3 hits, 1 misses; the last call was at 202[56]-/,
  );
  const old = counted({ CacheHits: 3 }, { builds: [], since: undefined });
  const folder = temporaryFolder(t);
  object(folder, 'a.obj', LAST_CALL);
  assert.deepEqual(await said(folder, old), ['good 3 hits, 0 misses']);
});

test('an object that is younger than the last call shows that a compiler ran without clcache', async (t) => {
  const folder = temporaryFolder(t);
  object(folder, 'build/x.dir/old.obj', LAST_CALL - 60_000);
  assert.equal((await said(folder, calls)).length, 1);
  object(folder, 'build/x.dir/new.obj', LAST_CALL + 60_000);
  assert.match(
    (await said(folder, calls))[1] ?? '',
    /^bad .*new\.obj was written at .*: a compiler ran without clcache, or with another CLCACHE_DIR => see clcache --cmake/,
  );
});

test('an object without any counted call is told in one line, with both explanations', async (t) => {
  const folder = temporaryFolder(t);
  for (const [name, writer] of [
    ['a.o', 'if cl or clang-cl wrote it, it'],
    ['a.obj', 'a compiler'],
  ]) {
    object(folder, `build/x.dir/${name}`, LAST_CALL + (name === 'a.o' ? 0 : 1000));
    const [line = '', ...others] = await said(folder, none);
    assert.match(
      line,
      new RegExp(`^look no call was counted in .*, and .*/${name} was written at .*: ${writer} ran without`),
    );
    assert.match(line, / ran without clcache, or with another CLCACHE_DIR => see clcache --cmake/);
    assert.deepEqual(others, []);
  }
});

test('a cache folder that cannot be written is an explanation of an object without a counted call', async (t) => {
  const folder = temporaryFolder(t);
  object(folder, 'x.dir/new.obj', LAST_CALL + 60_000);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const cache of [file, join(file, 'below')])
    for (const [statistics, count] of [
      [calls, 2],
      [none, 1],
    ] as const) {
      const lines = await said(folder, statistics, cache);
      assert.equal(lines.length, count);
      assert.match(
        lines.at(-1) ?? '',
        /^look .*new\.obj was written .*: a compiler ran without clcache, or with it and could not be counted in .*file.* => make that folder one that can be written/,
      );
    }
});

test('objects that CMake makes to examine the compiler are none of a build', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['ShowIncludes/main.obj', '3.25.1/CompilerIdCXX/a.obj', 'CMakeScratch/x.dir/b.obj'])
    object(folder, `CMakeFiles/${name}`, LAST_CALL + 60_000);
  assert.equal((await said(folder, calls)).length, 1);
  object(folder, 'CMakeFiles/x.dir/a.cpp.o', LAST_CALL + 60_000);
  assert.match((await said(folder, calls))[1] ?? '', /^look .*a\.cpp\.o .*if cl or clang-cl wrote it/);
});
