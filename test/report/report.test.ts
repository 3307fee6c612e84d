import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, grouped, percent } from '../../src/report/amounts.ts';
import { statisticsJson } from '../../src/report/json.ts';
import { statisticsText } from '../../src/report/text.ts';
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

const SUMMARY = `  summary
    counted since                              : not known; -z begins anew
    hit rate                                   : 50 % of 2
    compile time saved by hits                 : 0.0 s
    compile time of misses                     : 0.0 s
  why sources were compiled
    new source, options, compiler or folder    : 1
`;

const REPORT = {
  cacheDirectory: 'C:\\Users\\me\\clcache',
  maximumSize: 1_073_741_824,
  totals: totalOf([
    { CacheSize: 22_848, CacheEntries: 1, CacheHits: 1, CacheMisses: 1, SourceChangedMisses: 1 },
  ]),
  refused: {},
  since: undefined,
  builds: [],
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
${SUMMARY}`,
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

test('a duration has its two largest units', () => {
  const times = [0, 840, 59_949, 59_950, 125_000, 3_725_000, 90_000_000].map(duration);
  assert.deepEqual(times, ['0.0 s', '0.8 s', '59.9 s', '1 min 0 s', '2 min 5 s', '1 h 2 min', '1 d 1 h']);
});

test('a share is 100 % only if nothing is missing', () => {
  assert.deepEqual(
    [percent(1, 3), percent(9999, 10_000), percent(5, 5), percent(0, 5), percent(0, 0)],
    ['33.3 %', '99.9 %', '100 %', '0 %', undefined],
  );
});

test('the summary has the gain, the causes of misses and the refused options, worst first, in 80 columns', () => {
  const refused = {
    ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`/x${n}`, n + 1])),
    others: 4,
  };
  const totals = totalOf([
    { CacheHits: 9_000_000, CacheMisses: 1_000_000, HeaderChangedMisses: 999_998, EvictedMisses: 2 },
    { TimeSavedMs: 7_500_000, CompileTimeMs: 61_000, CallsForExternalDebugInfo: 82 },
  ]);
  const since = new Date(2026, 10, 26, 9, 5, 7).getTime();
  const text = statisticsText({ ...REPORT, totals, refused: { ...refused, '/\x1b[31mred': 90 }, since });
  assert.ok(text.split('\n').every(({ length }) => length <= 80));
  assert.equal(
    text.slice(text.indexOf('  summary')),
    `  summary
    counted since                              : 2026-11-26 09:05:07
    hit rate                                   : 90 % of 10,000,000
    compile time saved by hits                 : 2 h 5 min
    compile time of misses                     : 1 min 1 s
  why sources were compiled
    a header changed, or another one is found  : 999,998
    its entry was evicted or damaged           : 2
  options for which calls were not cached
    / [31mred                                  : 90
    /x11                                       : 12
    /x10                                       : 11
    /x9                                        : 10
    /x8                                        : 9
    /x7                                        : 8
    /x6                                        : 7
    /x5                                        : 6
    /x4                                        : 5
    /x3                                        : 4
    others                                     : 10
`,
  );
});

test('the JSON has the gain as numbers and times, for all that was counted and for each build', () => {
  const at = Date.parse('2026-11-26T09:00:00Z');
  const build = { from: at, to: at + 1000, counts: { CacheHits: 1, CacheMisses: 1 }, refused: { '/Zi': 2 } };
  const report = { ...REPORT, since: at, builds: [build], refused: { '/Zi': 2 }, onlyOf: { build } };
  const value = JSON.parse(statisticsJson(report));
  assert.deepEqual(
    [value.HitRate, value.Since, value.RefusedOptions],
    [0.5, '2026-11-26T09:00:00.000Z', { '/Zi': 2 }],
  );
  const span = { From: '2026-11-26T09:00:00.000Z', To: '2026-11-26T09:00:01.000Z' };
  const counts = { CacheHits: 1, CacheMisses: 1, HitRate: 0.5, RefusedOptions: { '/Zi': 2 } };
  assert.deepEqual(value.Builds, [{ ...span, ...counts }]);
  assert.deepEqual(value.OnlyOfBuild, span);
  const empty = JSON.parse(statisticsJson({ ...REPORT, totals: totalOf([]), onlyOf: { build: undefined } }));
  assert.deepEqual([empty.HitRate, empty.Since, empty.OnlyOfBuild], [null, null, null]);
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
    statisticsText(report).includes(`
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
  assert.ok(!lines.some((line) => line.includes('nothing is sent')));
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
