import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { checkLimit } from '../../src/doctor/checks/limit.ts';
import type { Counts } from '../../src/statistics/counters.ts';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { counted, linesOf } from './surroundings.ts';

async function said(t: TestContext, settings: string | undefined, counts: Counts = {}) {
  const layout = layoutOf(temporaryFolder(t));
  if (settings !== undefined) writeFileSync(layout.settingsFile, settings);
  return linesOf(await checkLimit({ layout, statistics: counted(counts) }));
}

test('a limit with few evictions is good', async (t) => {
  const counts = { CacheSize: 2 ** 29, CacheMisses: 1000, EvictedMisses: 3 };
  assert.deepEqual(await said(t, undefined, counts), [
    'good the limit is 1,073,741,824 bytes, 50 % of it used; 3 entries were missed after eviction',
  ]);
});

test('many misses of evicted entries are looked at, with the command for a larger limit', async (t) => {
  const [line] = await said(t, '{"MaximumCacheSize": 3221225472}', { CacheMisses: 100, EvictedMisses: 20 });
  assert.match(
    line ?? '',
    /^look .*; 20 of 100 misses had an entry that was evicted => raise it: clcache -M 6G$/,
  );
});

test('a limit in which nothing has room stops the cache', async (t) => {
  assert.match(
    (await said(t, '{"MaximumCacheSize": 1}'))[0] ?? '',
    /^stops the limit is 1 bytes, so nothing stays/,
  );
});

test('a limit of 0 and broken settings are looked at, and the default is shown', async (t) => {
  for (const settings of ['{"MaximumCacheSize": 0}', '{"MaximumCacheSize"', '[]', '\0']) {
    const [problem, limit] = await said(t, settings);
    assert.match(problem ?? '', /^look .*config\.txt.*the defaults are used => mend it/, settings);
    assert.match(limit ?? '', /^good the limit is 1,073,741,824 bytes/, settings);
  }
});

test('settings that this user may not read are not to be written anew', {
  skip: process.platform === 'win32' && 'rights are set otherwise on Windows',
}, async (t) => {
  const layout = layoutOf(temporaryFolder(t));
  writeFileSync(layout.settingsFile, '{}');
  chmodSync(layout.cacheDirectory, 0o755);
  chmodSync(layout.settingsFile, 0);
  // Root may read every file, so it looks as somebody else.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    const [problem, limit] = linesOf(await checkLimit({ layout, statistics: counted({}) }));
    assert.match(
      problem ?? '',
      /^look \S+config\.txt cannot be read: permission denied: the defaults are used => let this user read it, or set CLCACHE_DIR/,
    );
    assert.match(limit ?? '', /^good the limit is 1,073,741,824 bytes/);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});
