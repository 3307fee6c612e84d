import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER_NAMES, COUNTERS } from '../../src/statistics/counters.ts';
import {
  addCounts,
  afterReset,
  isNothing,
  sizeCorrection,
  totalOf,
} from '../../src/statistics/statistics.ts';

test('labels fit into their column, and none occurs twice', () => {
  const labels = COUNTER_NAMES.map((counter) => COUNTERS[counter].label);
  assert.ok(labels.every((label) => label.length <= 26));
  assert.equal(new Set(labels).size, labels.length);
});

test('counts are added counter by counter', () => {
  assert.deepEqual(addCounts({ CacheHits: 1, CacheSize: 5 }, { CacheSize: -5, CacheMisses: 2 }), {
    CacheHits: 1,
    CacheMisses: 2,
  });
  assert.equal(totalOf([{ CacheHits: 1 }, { CacheHits: 2 }, {}]).CacheHits, 3);
  assert.ok(isNothing({ CacheHits: 0 }) && !isNothing({ CacheSize: -1 }));
});

test('only counters of the folder survive a reset', () => {
  const all = Object.fromEntries(COUNTER_NAMES.map((counter) => [counter, 1]));
  assert.deepEqual(afterReset(all), { CacheSize: 1, CacheEntries: 1 });
});

test('a correction turns what was counted into what was measured', () => {
  const counted = totalOf([{ CacheSize: 100, CacheEntries: 3, CacheHits: 9 }]);
  const corrected = totalOf([counted, sizeCorrection(counted, { entries: 1, bytes: 40 })]);
  assert.deepEqual([corrected.CacheSize, corrected.CacheEntries, corrected.CacheHits], [40, 1, 9]);
});
