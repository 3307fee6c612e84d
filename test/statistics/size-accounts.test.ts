import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { cleanAndCount } from '../../src/compile/clean-cache.ts';
import { writeMaximumSize } from '../../src/config/write-settings.ts';
import { sizeAccounts } from '../../src/statistics/size-accounts.ts';
import { addToStatistics, inFreeSection, readStatistics } from '../../src/statistics/statistics-file.ts';
import { clean } from '../../src/storage/local/evict.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { pauseSync } from '../../src/util/busy-retry.ts';
import { startFixture } from '../helpers/fixture-process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** What lies in the cache folder but for counters and settings. */
function sizeOnDisk(cacheDirectory: string): { entries: number; bytes: number } {
  const { root, objects, statistics } = layoutOf(cacheDirectory);
  const entries = readdirSync(objects).flatMap((section) => readdirSync(`${objects}/${section}`)).length;
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile() && !each.parentPath.startsWith(statistics),
  );
  const sizes = files.map(({ parentPath, name }) => lstatSync(`${parentPath}/${name}`).size);
  return { entries, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function counted(cacheDirectory: string): Promise<{ entries: number; bytes: number }> {
  const { CacheEntries, CacheSize } = await readStatistics(layoutOf(cacheDirectory).statistics);
  return { entries: CacheEntries, bytes: CacheSize };
}

test('processes that store and clean at once leave a count that equals the size on disk', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  writeMaximumSize(layoutOf(cacheDirectory).settingsFile, 40_000);
  const go = `${cacheDirectory}/go`;
  const processes = ['a', 'b', 'c', 'd'].map((name) =>
    startFixture(t, 'fill-cache.ts', cacheDirectory, go, name, '25'),
  );
  writeFileSync(go, '');
  assert.deepEqual(
    await Promise.all(processes.map(({ ended }) => ended)),
    processes.map(() => 0),
  );
  const onDisk = sizeOnDisk(cacheDirectory);
  assert.ok(onDisk.entries > 5, `${onDisk.entries} entries are left`);
  assert.deepEqual(await counted(cacheDirectory), onDisk);
});

test('a cleaning corrects what a killed process or another program left uncounted', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { statistics, compilers } = layoutOf(cacheDirectory);
  await addToStatistics(statistics, { CacheHits: 3, CacheSize: 12_345, CacheEntries: -7 }, 1000);
  mkdirSync(compilers);
  writeFileSync(`${compilers}/ab.json`, '{}');
  const options = { cacheDirectory, maximumSize: 1000, timeoutMs: 1000 };
  await Promise.all([cleanAndCount(clean, options), cleanAndCount(clean, options)]);
  assert.deepEqual(await counted(cacheDirectory), { entries: 0, bytes: 2 });
  assert.equal((await readStatistics(statistics)).CacheHits, 3);
});

test('a change that fails counts nothing', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const accounts = sizeAccounts(layoutOf(cacheDirectory).statistics, 1000);
  await assert.rejects(
    accounts.record('ab', [], () => {
      throw new Error('no');
    }),
    { message: 'no' },
  );
  assert.deepEqual(await counted(cacheDirectory), { entries: 0, bytes: 0 });
});

test('a process that was stopped while another one took the lock over counts again', async (t) => {
  const directory = `${temporaryFolder(t)}/v1/statistics`;
  const accounts = sizeAccounts(directory, 5000);
  const takeOver = (folder: string) => {
    // As another process would, long after.
    pauseSync(1100);
    rmdirSync(`${folder}/.lock`);
    mkdirSync(`${folder}/.lock`);
    writeFileSync(`${folder}/counters.json`, JSON.stringify({ CacheHits: 5, CacheSize: 100 }));
    rmdirSync(`${folder}/.lock`);
  };
  let changes = 0;
  await accounts.record('ab', [], () => {
    changes += 1;
    takeOver(`${directory}/a`);
    return { entries: 1, bytes: 11 };
  });
  assert.equal(changes, 1);
  let tries = 0;
  await inFreeSection(directory, 5000, (folder, stillHeld) => {
    tries += 1;
    if (tries === 1) takeOver(folder);
    stillHeld();
  });
  assert.equal(tries, 2);
  const { CacheHits, CacheSize, CacheEntries } = await readStatistics(directory);
  assert.deepEqual([CacheHits >= 5, CacheSize >= 111, CacheEntries], [true, true, 1]);
});
