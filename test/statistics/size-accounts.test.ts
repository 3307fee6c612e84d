import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { cleanAndCount } from '../../src/compile/clean-cache.ts';
import { sizeAccounts } from '../../src/statistics/size-accounts.ts';
import { addToStatistics, inFreeSection, readStatistics } from '../../src/statistics/statistics-file.ts';
import { clean } from '../../src/storage/local/evict.ts';
import { layoutOf, statisticsBelow } from '../../src/storage/local/layout.ts';
import { pauseSync } from '../../src/util/busy-retry.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function counted(cacheDirectory: string): Promise<{ entries: number; bytes: number }> {
  const {
    totals: { CacheEntries, CacheSize },
  } = await readStatistics(layoutOf(cacheDirectory).statistics);
  return { entries: CacheEntries, bytes: CacheSize };
}

test('a cleaning corrects what a killed process or another program left uncounted', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const { statistics, compilers } = layoutOf(cacheDirectory);
  await addToStatistics(statistics, { counts: { CacheHits: 3, CacheSize: 12_345, CacheEntries: -7 } }, 1000);
  mkdirSync(compilers);
  writeFileSync(`${compilers}/ab.json`, '{}');
  const options = { cacheDirectory, maximumSize: 1000, timeoutMs: 1000 };
  await Promise.all([cleanAndCount(clean, options), cleanAndCount(clean, options)]);
  assert.deepEqual(await counted(cacheDirectory), { entries: 0, bytes: 2 });
  assert.equal((await readStatistics(statistics)).totals.CacheHits, 3);
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
  const accounts = sizeAccounts(statisticsBelow(directory), 5000);
  const takeOver = (folder: string) => {
    // As another process would, long after.
    pauseSync(1100);
    rmdirSync(`${folder}/.lock`);
    mkdirSync(`${folder}/.lock`);
    rmdirSync(`${folder}/.lock`);
  };
  let changes = 0;
  await accounts.record('ab', [], () => {
    changes += 1;
    takeOver(`${directory}/a`);
    writeFileSync(`${directory}/a/counters.json`, JSON.stringify({ CacheHits: 5, CacheSize: 100 }));
    return { entries: 1, bytes: 11 };
  });
  assert.equal(changes, 1);
  let tries = 0;
  await inFreeSection(statisticsBelow(directory), 5000, ({ folder }, stillHeld) => {
    tries += 1;
    if (tries === 1) takeOver(folder);
    stillHeld();
  });
  assert.equal(tries, 2);
  const {
    totals: { CacheHits, CacheSize, CacheEntries },
  } = await readStatistics(statisticsBelow(directory));
  assert.deepEqual([CacheHits, CacheSize, CacheEntries], [5, 111, 1]);
});
