import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { clean } from '../../../src/storage/local/evict.ts';
import { entryFolder, layoutOf } from '../../../src/storage/local/layout.ts';
import { withFileLock } from '../../../src/util/file-lock.ts';
import { fileAppears, startFixture } from '../../helpers/fixture-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { keyOf, putEntry } from '../../storage/cache-items.ts';

test('another process never sees half an entry while entries come and go', async (t) => {
  const folder = temporaryFolder(t);
  const cacheDirectory = `${folder}/cache`;
  const { objects } = layoutOf(cacheDirectory);
  const watcher = startFixture(t, 'watch-entries.ts', objects, `${folder}/ready`, `${folder}/stop`);
  await fileAppears(`${folder}/ready`);
  for (const started = performance.now(); performance.now() - started < 1500; ) {
    for (let index = 0; index < 20; index += 1) {
      const written = putEntry(folder, keyOf(index), 100, index);
      const target = entryFolder(layoutOf(cacheDirectory), keyOf(index));
      mkdirSync(dirname(target), { recursive: true });
      if (!existsSync(target)) renameSync(written, target);
    }
    await clean({ cacheDirectory, maximumSize: 500, timeoutMs: 1000 });
  }
  writeFileSync(`${folder}/stop`, '');
  assert.equal(await watcher.ended, 0);
});

test('the time of a cleaning grows with the number of entries, not faster, and builds go on meanwhile', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const microseconds: number[] = [];
  for (const count of [1000, 4000]) {
    for (let index = 0; index < count; index += 1) putEntry(cacheDirectory, keyOf(index), 20, index);
    // The least of several runs, in processor time, because other processes may use the processor meanwhile.
    const costs: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      const told: number[] = [];
      const started = process.cpuUsage();
      const [result] = await Promise.all([
        clean({
          cacheDirectory,
          maximumSize: 1e9,
          timeoutMs: 1000,
          progress: (done, total) => told.push(done / total),
        }),
        withFileLock(`${layoutOf(cacheDirectory).objects}/00/.lock`, 1000, () => undefined),
      ]);
      const { user, system } = process.cpuUsage(started);
      costs.push((user + system) / count);
      assert.ok(result.kind === 'done' && result.before.entries === count);
      assert.ok(told.every((part) => part > 0 && part <= 1));
    }
    microseconds.push(Math.min(...costs));
  }
  const [small = 0, large = 0] = microseconds;
  t.diagnostic(`${small.toFixed(0)} and ${large.toFixed(0)} µs an entry`);
  assert.ok(large < small * 2.5, `${small} µs, then ${large} µs an entry`);
});
