import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addToStatistics, readStatistics, resetStatistics } from '../../src/statistics/statistics-file.ts';
import { statisticsBelow } from '../../src/storage/local/layout.ts';
import { tryWithLongFileLock } from '../../src/util/file-lock.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const OWN_SECTION = (process.pid % 16).toString(16);

test('counts that were added are read again, and need one file', async (t) => {
  const directory = `${temporaryFolder(t)}/v1/statistics`;
  await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 1, CacheSize: 100 } }, 1000);
  await addToStatistics(
    statisticsBelow(directory),
    { counts: { CacheHits: 2, CacheSize: -30, CacheMisses: 0 } },
    1000,
  );
  const { totals } = await readStatistics(statisticsBelow(directory));
  assert.deepEqual([totals.CacheHits, totals.CacheSize, totals.CacheMisses], [3, 70, 0]);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  assert.deepEqual(files, [OWN_SECTION, `${OWN_SECTION}/counters.json`]);
  const written = JSON.parse(readFileSync(`${directory}/${OWN_SECTION}/counters.json`, 'utf8'));
  assert.deepEqual([written.CacheHits, written.CacheSize], [3, 70], 'under the names that old versions read');
});

test('reading and resetting make no file if nothing was counted', async (t) => {
  const directory = `${temporaryFolder(t)}/statistics`;
  assert.equal((await readStatistics(statisticsBelow(directory))).totals.CacheHits, 0);
  await resetStatistics(statisticsBelow(directory), 1000);
  await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 0 } }, 1000);
  assert.equal(existsSync(directory), false);
});

test('a locked section is skipped, not waited for', async (t) => {
  const directory = temporaryFolder(t);
  await tryWithLongFileLock(`${directory}/${OWN_SECTION}/.lock`, async () => {
    const started = performance.now();
    await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 1 } }, 120_000);
    assert.ok(performance.now() - started < 60_000);
  });
  assert.equal(existsSync(`${directory}/${OWN_SECTION}/counters.json`), false);
  assert.equal((await readStatistics(statisticsBelow(directory))).totals.CacheHits, 1);
});

test('counting ends in a timeout if all sections stay locked, and reading reads all the same', async (t) => {
  const directory = temporaryFolder(t);
  await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 5 } }, 1000);
  const locks = Array.from({ length: 16 }, (_, section) => `${directory}/${section.toString(16)}/.lock`);
  for (const lock of locks) mkdirSync(lock, { recursive: true });
  await assert.rejects(addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 1 } }, 100), {
    code: 'LOCK_TIMEOUT',
  });
  assert.equal((await readStatistics(statisticsBelow(directory))).totals.CacheHits, 5);
  for (const lock of locks) rmdirSync(lock);
});

test('a reset sets counters to zero, except those of the folder', async (t) => {
  const directory = temporaryFolder(t);
  await addToStatistics(
    statisticsBelow(directory),
    { counts: { CacheHits: 3, CacheErrors: 1, CacheSize: 100, CacheEntries: 2 } },
    1000,
  );
  await resetStatistics(statisticsBelow(directory), 1000);
  const { totals } = await readStatistics(statisticsBelow(directory));
  assert.deepEqual(
    [totals.CacheHits, totals.CacheErrors, totals.CacheSize, totals.CacheEntries],
    [0, 0, 100, 2],
  );
});

test('a broken section counts as empty, is reported, and is whole again after the next count', async (t) => {
  const directory = temporaryFolder(t);
  const file = `${directory}/${OWN_SECTION}/counters.json`;
  mkdirSync(`${directory}/${OWN_SECTION}`);
  for (const text of ['{"CacheHits":', '[]', '{"CacheHits":"x","CacheMisses":1.5}']) {
    writeFileSync(file, text);
    assert.equal((await readStatistics(statisticsBelow(directory))).totals.CacheHits, 0);
  }
  writeFileSync(file, '{"CacheHits":');
  const problems: string[] = [];
  await readStatistics(statisticsBelow(directory), (problem) => problems.push(problem));
  assert.deepEqual(problems, [`${file} was broken`]);
  await addToStatistics(statisticsBelow(directory), { counts: { CacheHits: 1 } }, 1000);
  assert.equal((await readStatistics(statisticsBelow(directory))).totals.CacheHits, 1);
});

test('the last build and the refused options are read over all sections, and a reset forgets them', async (t) => {
  const place = statisticsBelow(temporaryFolder(t));
  const began = Math.round(performance.timeOrigin);
  await addToStatistics(place, { counts: { CacheHits: 1 } }, 1000);
  const [own] = place.sections().filter(({ counters }) => existsSync(counters));
  await tryWithLongFileLock(own?.lock ?? '', () =>
    addToStatistics(place, { counts: { CallsForExternalDebugInfo: 1 }, refused: { '/Zi': 1 } }, 1000),
  );
  const { builds, since, refused } = await readStatistics(place);
  assert.deepEqual(
    builds.map(({ from, counts }) => [from, counts]),
    [[began, { CacheHits: 1, CallsForExternalDebugInfo: 1 }]],
  );
  assert.deepEqual([since, refused], [began, { '/Zi': 1 }]);
  await resetStatistics(place, 1000);
  const after = await readStatistics(place);
  assert.deepEqual([after.builds, after.refused, after.totals.CacheHits], [[], {}, 0]);
  assert.ok((after.since ?? 0) > began);
});
