import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addToStatistics, readStatistics, resetStatistics } from '../../../src/statistics/statistics-file.ts';
import { statisticsBelow } from '../../../src/storage/local/layout.ts';
import { startFixture } from '../../helpers/fixture-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

test('the counts of eight processes add up exactly while another one reads', async (t) => {
  const folder = temporaryFolder(t);
  const directory = `${folder}/statistics`;
  const processes = Array.from({ length: 8 }, () =>
    startFixture(t, 'add-statistics.ts', directory, `${folder}/go`, '100'),
  );
  await sleep(1500);
  writeFileSync(`${folder}/go`, '');
  let running = true;
  let last = 0;
  const ended = Promise.all(processes.map((each) => each.ended)).finally(() => {
    running = false;
  });
  while (running) {
    const {
      totals: { CacheHits },
    } = await readStatistics(statisticsBelow(directory));
    assert.ok(CacheHits >= last && CacheHits <= 800, `${last} then ${CacheHits}`);
    last = CacheHits;
    await sleep(20);
  }
  assert.deepEqual(await ended, new Array(8).fill(0));
  const { totals } = await readStatistics(statisticsBelow(directory));
  assert.deepEqual([totals.CacheHits, totals.CacheSize], [800, 8000]);
});

test('a reset is not undone by processes that count at the same time, and does not change the size', async (t) => {
  const folder = temporaryFolder(t);
  const directory = `${folder}/statistics`;
  await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 1_000_000 } }, 1000);
  const processes = Array.from({ length: 4 }, () =>
    startFixture(t, 'add-statistics.ts', directory, `${folder}/go`, '100'),
  );
  await sleep(1200);
  writeFileSync(`${folder}/go`, '');
  let running = true;
  const ended = Promise.all(processes.map((each) => each.ended)).finally(() => {
    running = false;
  });
  while (running) {
    await resetStatistics(statisticsBelow(directory), 20_000);
    await sleep(10);
    assert.ok((await readStatistics(statisticsBelow(directory))).totals.CacheHits <= 400);
  }
  assert.deepEqual(await ended, [0, 0, 0, 0]);
  await resetStatistics(statisticsBelow(directory), 1000);
  const { totals } = await readStatistics(statisticsBelow(directory));
  assert.deepEqual([totals.CacheHits, totals.CacheSize], [0, 4000]);
});
