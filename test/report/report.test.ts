import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statisticsJson } from '../../src/report/json.ts';
import { grouped, statisticsText } from '../../src/report/text.ts';
import { totalOf } from '../../src/statistics/statistics.ts';

const ORIGINAL = `clcache statistics:
  current cache dir         : Disk cache at C:\\Users\\me\\clcache
  cache size                : 22,848 bytes
  maximum cache size        : 1,073,741,824 bytes
  cache entries             : 1
  cache hits                : 1
  cache misses
    total                      : 1
    evicted                    : 0
    header changed             : 0
    source changed             : 1
  passed to real compiler
    called w/ invalid argument : 0
    called for preprocessing   : 0
    called for linking         : 0
    called for external debug  : 0
    called w/o source          : 0
    called w/ multiple sources : 0
    called w/ PCH              : 0
`;

const REPORT = {
  cacheDirectory: 'C:\\Users\\me\\clcache',
  maximumSize: 1_073_741_824,
  totals: totalOf([
    { CacheSize: 22_848, CacheEntries: 1, CacheHits: 1, CacheMisses: 1, SourceChangedMisses: 1 },
  ]),
  remotes: {},
  troubles: [],
  problems: [],
};

test('the statistics begin with the lines of the Python clcache, byte for byte, and new lines follow', () => {
  const text = statisticsText(REPORT);
  assert.equal(text.slice(0, ORIGINAL.length), ORIGINAL);
  assert.equal(
    text.slice(ORIGINAL.length),
    `    called w/ unsupported opt. : 0
    called for other programs  : 0
    called w/ pipe or device   : 0
  compiled but not stored
    failed compiles            : 0
    changed or incomplete      : 0
  trouble with the cache
    lock timeouts              : 0
    damaged entries            : 0
    cache errors               : 0
`,
  );
});

test('the statistics as JSON are one object with the names of the Python clcache', () => {
  const value = JSON.parse(statisticsJson(REPORT));
  assert.equal(value.CacheDirectory, 'C:\\Users\\me\\clcache');
  assert.equal(value.MaximumCacheSize, 1_073_741_824);
  for (const name of `CacheHits CacheMisses EvictedMisses HeaderChangedMisses SourceChangedMisses CacheEntries CacheSize
    CallsWithInvalidArgument CallsWithoutSourceFile CallsWithMultipleSourceFiles CallsWithPch CallsForLinking
    CallsForExternalDebugInfo CallsForPreprocessing`.split(/\s+/)) {
    assert.equal(typeof value[name], 'number', name);
  }
  assert.equal(value.CacheSize, 22_848);
});

test('digits are grouped by three with commas, in any language', () => {
  assert.deepEqual([0, 7, 999, 1000, 123_456, 1_234_567].map(grouped), [
    '0',
    '7',
    '999',
    '1,000',
    '123,456',
    '1,234,567',
  ]);
});

test('a size below zero is shown as 0', () => {
  const report = { ...REPORT, totals: totalOf([{ CacheSize: -5, CacheEntries: -1 }]) };
  assert.match(statisticsText(report), /cache size {16}: 0 bytes\n/);
  assert.equal(JSON.parse(statisticsJson(report)).CacheEntries, 0);
});

test('each remote store follows with its own counters', () => {
  const counts = {
    hits: 1234,
    misses: 2,
    rejected: 0,
    errors: 1,
    timeouts: 0,
    notSent: 0,
    bytesReceived: 5_000_000,
    bytesSent: 0,
  };
  const report = { ...REPORT, remotes: { 'redis://cache.example': counts } };
  assert.ok(
    statisticsText(report).endsWith(`
  remote store redis://cache.example
    hits                       : 1,234
    misses                     : 2
    rejected entries           : 0
    errors                     : 1
    timeouts                   : 0
    entries not sent           : 0
    bytes received             : 5,000,000
    bytes sent                 : 0
`),
  );
  assert.deepEqual(JSON.parse(statisticsJson(report)).RemoteStores, { 'redis://cache.example': counts });
});

test('a remote store in trouble has its last error in one line, and until when it is left out', () => {
  const counts = {
    hits: 0,
    misses: 0,
    rejected: 0,
    errors: 1,
    timeouts: 0,
    notSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
  };
  const at = new Date(2026, 10, 25, 9, 5, 7).getTime();
  const name = 'redis://cache.example';
  const report = {
    ...REPORT,
    remotes: { [name]: counts, 'redis://other': counts },
    troubles: [
      { name, error: { at, reason: 'failed to get:\n\x1b[31mno\tanswer' }, outUntil: at + 30_000 },
      { name: 'redis://other', error: { at, reason: 'OOM' }, notWrittenUntil: at + 30_000 },
    ],
  };
  const lines = statisticsText(report).split('\n');
  assert.deepEqual(
    lines.filter((line) => /last error|until/.test(line)),
    [
      '    last error                 : 09:05:07 failed to get: [31mno answer',
      '    out until                  : 09:05:37',
      '    last error                 : 09:05:07 OOM',
      '    not written to until       : 09:05:37',
    ],
  );
  const stores = JSON.parse(statisticsJson(report)).RemoteStores;
  assert.deepEqual(stores['redis://other'], {
    ...counts,
    lastError: 'OOM',
    lastErrorAt: new Date(at).toISOString(),
    notWrittenUntil: new Date(at + 30_000).toISOString(),
  });
});
