import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRefused, type RefusedOptions, refusedOnce } from '../../src/statistics/refused-options.ts';
import {
  decodeBuild,
  decodeRecord,
  EMPTY_RECORD,
  encodeRecord,
  recordAfterReset,
  sinceOf,
  withCounted,
} from '../../src/statistics/section-record.ts';

const CALL = { from: 1000, to: 2000, counts: { CacheHits: 1 }, refused: { '/Zi': 1 } };

test('a record is read as it was written', () => {
  const record = withCounted(withCounted(EMPTY_RECORD, CALL), { ...CALL, from: 1_000_000, to: 1_000_001 });
  assert.deepEqual(decodeRecord(JSON.parse(encodeRecord(record))), record);
  assert.equal(record.builds.length, 2);
  assert.equal(encodeRecord(EMPTY_RECORD), '{}');
});

test('a section keeps a limited number of builds, the newest, and joins calls to the last of them', () => {
  const pause = 10 * 60_000;
  let record = EMPTY_RECORD;
  for (let time = 1; time <= 100; time += 1) {
    for (const from of [time * pause, time * pause + 500])
      record = withCounted(record, { ...CALL, from, to: from + 1000 });
  }
  const builds = record.builds.map((build) => decodeBuild(build));
  assert.deepEqual(
    builds.map((build) => [build?.from, build?.to, build?.counts.CacheHits]),
    Array.from({ length: 24 }, (_, index) => [(77 + index) * pause, (77 + index) * pause + 1500, 2]),
  );
  const long = withCounted(record, { ...CALL, from: 98 * pause, to: 101 * pause });
  assert.equal(long.builds.length, 22, 'a call over three builds makes them one');
});

test('the counters of an old version are read, and nobody knows since when they count', () => {
  const old = decodeRecord({ CacheHits: 5, CacheSize: 7 });
  assert.deepEqual(old, { ...EMPTY_RECORD, counts: { CacheHits: 5, CacheSize: 7 } });
  const counted = withCounted(old, CALL);
  assert.deepEqual([counted.counts.CacheHits, counted.since], [6, undefined]);
  assert.equal(sinceOf([counted, withCounted(EMPTY_RECORD, CALL)]), undefined);
});

test('counting begins with the first call, or with a reset', () => {
  const first = withCounted(decodeRecord({ CacheSize: 7 }), CALL);
  assert.equal(first.since, 1000);
  const reset = recordAfterReset(withCounted(decodeRecord({ CacheHits: 5, CacheSize: 7 }), CALL), 5000);
  assert.deepEqual(reset, { ...EMPTY_RECORD, counts: { CacheSize: 7 }, since: 5000 });
  assert.equal(sinceOf([reset, first, EMPTY_RECORD]), 1000);
  assert.equal(sinceOf([EMPTY_RECORD]), undefined);
});

test('whatever a file holds gives a record, without what is not as it should be', () => {
  for (const value of [
    undefined,
    null,
    [],
    7,
    { CacheHits: 'x', Since: -1, Builds: {}, RefusedOptions: [] },
    { Builds: [[1], null, 7], Since: 1.5 },
    { RefusedOptions: [1] },
    { CacheHits: -5, CacheMisses: -1, TimeSavedMs: -7, CacheErrors: -1 },
    { RefusedOptions: { '/Zi': 'many', '/ZI': -1, [`/${'x'.repeat(100)}`]: 1 } },
  ]) {
    assert.deepEqual(decodeRecord(value), EMPTY_RECORD, JSON.stringify(value));
  }
});

test('what a call takes back may be negative in a section', () => {
  const counts = { CacheSize: -5, CacheEntries: -1, SourceChangedMisses: -1, HeaderChangedMisses: -2 };
  assert.deepEqual(decodeRecord(counts).counts, counts);
});

test('a text that is no build is none', () => {
  for (const text of ['', 'x', '[1]', '[2,1,{},{}]', '["1","2"]', '[1,2,3]', 'null', '{}']) {
    assert.equal(decodeBuild(text), undefined, text);
  }
  const kept = withCounted({ ...EMPTY_RECORD, builds: ['x', '[1]'] }, CALL).builds;
  assert.deepEqual(
    kept.map((build) => decodeBuild(build)),
    [CALL],
  );
});

test('refused options are counted by name, without values that may be paths or secrets', () => {
  const spellings = ['/Zi', '/Fd:C:\\secret', '-fplugin=/home/me/x.so', '/AI folder', '/clang:-MJ:x'];
  assert.deepEqual(spellings.map(refusedOnce), [
    { '/Zi': 1 },
    { '/Fd': 1 },
    { '-fplugin': 1 },
    { '/AI': 1 },
    { '/clang:-MJ': 1 },
  ]);
  assert.deepEqual(refusedOnce(''), {});
});

test('the number of refused options with a name is limited, and the rest is counted together', () => {
  const names = Array.from({ length: 50 }, (_, index) => `/x${index}`);
  const all = names.reduce<RefusedOptions>((sum, name) => addRefused(sum, refusedOnce(name)), {});
  assert.equal(Object.keys(all).length, 21);
  assert.equal(
    Object.values(all).reduce((sum, count) => sum + count),
    50,
  );
  assert.deepEqual(addRefused(all, { '/x3': 4, others: 1 })['/x3'], 5);
});
