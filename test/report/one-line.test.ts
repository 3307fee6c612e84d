import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summaryLine } from '../../src/report/one-line.ts';
import type { Counts } from '../../src/statistics/counters.ts';

const AT = 1_764_147_600_000;

function line(counts: Counts, pauseMs = 1000): string {
  const text = summaryLine({ from: AT - 60_000, to: AT, counts, refused: {} }, AT + pauseMs);
  assert.match(text, /^clcache: [^\n]+\n$/);
  // MSBuild would take such a line for an error or a warning.
  assert.doesNotMatch(text, /: (?:\w+ )?(?:error|warning)\b/i);
  return text.slice('clcache: '.length, -1);
}

test('a build ends with hits, misses, time saved and lost, and what cost most with its remedy', () => {
  assert.equal(
    line({
      CacheHits: 1,
      CacheMisses: 3,
      SourceChangedMisses: 1,
      EvictedMisses: 2,
      TimeSavedMs: 125_000,
      CompileTimeMs: 4200,
    }),
    '1 hit, 3 misses (25 %); 2 min 5 s saved, 4.2 s lost to misses; most because: its entry was evicted or damaged (2), remedy: a larger limit: clcache -M 20G',
  );
  assert.match(
    line({ CacheHits: 10, CacheMisses: 1, SourceChangedMisses: 1, CallsForExternalDebugInfo: 82 }),
    /most because: debug information in a shared \.pdb \(\/Zi\) \(82\), remedy: CLCACHE_Z7=1/,
  );
});

test('what has nothing to serve is no cause', () => {
  assert.equal(
    line({ CacheHits: 2, CallsForPreprocessing: 9, CallsWithoutSourceFile: 9 }),
    '2 hits, 0 misses (100 %); 0.0 s saved, 0.0 s lost to misses',
  );
});

test('a build that nothing is known of, or that compiled nothing through clcache, is no silent zero', () => {
  assert.equal(
    summaryLine(undefined, AT),
    'clcache: nothing was compiled through it yet; clcache --doctor says what is wrong\n',
  );
  assert.match(
    line({ CacheHits: 2 }, 3_700_000),
    /^no compile for 1 h 1 min; if this build compiled anything, clcache --doctor says why .*\(before that: 2 hits, 0 misses/,
  );
});

test('a cause that is known from single calls takes the place of the counter’s', () => {
  const named = { words: 'util.h\nchanged', count: 40, cure: 'include it in fewer sources' };
  const build = { from: AT, to: AT, counts: { CacheMisses: 40, HeaderChangedMisses: 40 }, refused: {} };
  assert.match(
    summaryLine(build, AT, named),
    /most because: util\.h changed \(40\), remedy: include it in fewer sources\n$/,
  );
  const incurable = { words: 'the source itself changed', count: 1 };
  assert.match(summaryLine(build, AT, incurable), /most because: the source itself changed \(1\)\n$/);
});
