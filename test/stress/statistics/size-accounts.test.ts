import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { changeSettings } from '../../../src/config/write-settings.ts';
import { readStatistics } from '../../../src/statistics/statistics-file.ts';
import { layoutOf } from '../../../src/storage/local/layout.ts';
import { startFixture } from '../../helpers/fixture-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** What lies in the cache folder but for counters and settings. */
function sizeOnDisk(cacheDirectory: string): { entries: number; bytes: number } {
  const { root, objects, statistics } = layoutOf(cacheDirectory);
  const entries = readdirSync(objects).flatMap((section) => readdirSync(`${objects}/${section}`)).length;
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile() && !each.parentPath.startsWith(statistics.folder),
  );
  const sizes = files.map(({ parentPath, name }) => lstatSync(`${parentPath}/${name}`).size);
  return { entries, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function counted(cacheDirectory: string): Promise<{ entries: number; bytes: number }> {
  const {
    totals: { CacheEntries, CacheSize },
  } = await readStatistics(layoutOf(cacheDirectory).statistics);
  return { entries: CacheEntries, bytes: CacheSize };
}

/** Runs a fixture in four processes that begin together. */
async function runTogether(t: TestContext, fixture: string, cacheDirectory: string): Promise<void> {
  const go = `${cacheDirectory}/go`;
  const processes = ['a', 'b', 'c', 'd'].map((name) =>
    startFixture(t, fixture, cacheDirectory, go, name, '25'),
  );
  writeFileSync(go, '');
  assert.deepEqual(
    await Promise.all(processes.map(({ ended }) => ended)),
    processes.map(() => 0),
  );
}

test('processes that store and clean at once leave a count that equals the size on disk', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  await changeSettings(layoutOf(cacheDirectory).settingsFile, {
    change: { MaximumCacheSize: 40_000 },
    timeoutMs: 1000,
  });
  await runTogether(t, 'fill-cache.ts', cacheDirectory);
  const onDisk = sizeOnDisk(cacheDirectory);
  assert.ok(onDisk.entries > 5, `${onDisk.entries} entries are left`);
  assert.deepEqual(await counted(cacheDirectory), onDisk);
});

test('of what processes add to the same learnt texts at once nothing is lost, and all is counted', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  await runTogether(t, 'add-lines.ts', cacheDirectory);
  const { headers, statistics } = layoutOf(cacheDirectory);
  const texts = readdirSync(headers).map((name) => readFileSync(`${headers}/${name}`, 'utf8'));
  assert.equal(texts.length, 3);
  for (const text of texts) assert.equal(new Set(text.trimEnd().split('\n')).size, 100);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const { totals } = await readStatistics(statistics);
  assert.equal(totals.CacheSize, bytes);
});
