import assert from 'node:assert/strict';
import test from 'node:test';
import { checkLastBuild } from '../../src/doctor/checks/last-build.ts';
import type { Counts } from '../../src/statistics/counters.ts';
import type { Statistics } from '../../src/statistics/statistics-file.ts';
import { configOf, counted, linesOf } from './surroundings.ts';

async function said(
  counts: Counts,
  env: Readonly<Record<string, string>> = {},
  parts: Partial<Statistics> = {},
) {
  return linesOf(await checkLastBuild({ config: configOf(env), statistics: counted(counts, parts) }));
}

test('a build without a call that was handed on is good', async () => {
  assert.deepEqual(await said({ CacheHits: 9, CacheMisses: 1 }), ['good 9 of 10 sources were hits']);
  assert.deepEqual(await said({}), ['good nothing was counted yet']);
});

test('a build of which every call wrote a database would not be served, and CLCACHE_Z7 is the cure', async () => {
  const [line, ...others] = await said({ CallsForExternalDebugInfo: 1204 });
  assert.match(
    line ?? '',
    /^stops 1,204 calls wrote debug information into a database .*=> clcache --set CLCACHE_Z7=1/,
  );
  assert.deepEqual(others, []);
  for (const env of [{ CLCACHE_Z7: '1' }, { CLCACHE_PDB: '1' }])
    assert.match(
      (await said({ CallsForExternalDebugInfo: 3 }, env))[0] ?? '',
      /^good .*settings cure that by now$/,
    );
});

test('calls that are handed on beside others are looked at: precompiled headers, links, options by name', async () => {
  const counts = { CacheHits: 5, CallsWithPch: 2, CallsForLinking: 1, CallsWithUnsupportedOption: 7 };
  const builds = [{ from: 1, to: 2, counts, refused: { '/analyze:log': 1, '/foo': 6 } }];
  const [good, pch, link, option] = await said(counts, {}, { builds });
  assert.match(good ?? '', /^good 5 of 5/);
  assert.match(pch ?? '', /^look 2 calls made or used a precompiled header .*=> clcache --set CLCACHE_PCH=1/);
  assert.match(link ?? '', /^look 1 call compiled and linked at once => compile with \/c/);
  assert.match(
    option ?? '',
    /^look 7 calls had an option that is not cached: \/foo \(6\), \/analyze:log \(1\)/,
  );
});

test('where the counters do not say which option, file or error it was, --why is named, which does', async () => {
  for (const counter of [
    'CallsWithUnsupportedOption',
    'CallsWithInvalidArgument',
    'CallsWithSpecialFile',
    'NotStored',
    'CacheErrors',
  ]) {
    const [line = ''] = await said({ [counter]: 1 });
    assert.match(line, /=> .*clcache --why names (?:it|the file|the error)/, counter);
  }
});

test('only the last build counts', async () => {
  const builds = [{ from: 1, to: 2, counts: { CacheHits: 1 }, refused: {} }];
  assert.deepEqual(await said({ CallsForExternalDebugInfo: 5 }, {}, { builds }), [
    'good 1 of 1 sources were hits',
  ]);
});
