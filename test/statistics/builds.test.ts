import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Build, buildsOf, withCall } from '../../src/statistics/builds.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** The time of the first call in these tests. */
const START = Date.parse('2026-11-26T12:00:00Z');

/** A call that began and ended this long after the first one, and was a hit. */
function call(from: number, to = from + SECOND): Build {
  return { from: START + from, to: START + to, counts: { CacheHits: 1 }, refused: {} };
}

/** What a reader makes of calls that were counted in turn in so many sections. */
function seen(calls: readonly Build[], sections = 1): readonly Build[] {
  const parts = Array.from({ length: sections }, (_, section) =>
    calls.filter((_, index) => index % sections === section).reduce(withCall, [] as readonly Build[]),
  );
  return buildsOf(parts.flat(), Math.max(...calls.map(({ to }) => to)));
}

function hits(builds: readonly Build[]): (number | undefined)[] {
  return builds.map(({ counts }) => counts.CacheHits);
}

test('calls without a pause of a minute between them are one build, and a longer pause begins another', () => {
  assert.deepEqual(hits(seen([call(0), call(30 * SECOND), call(89 * SECOND)])), [3]);
  assert.deepEqual(hits(seen([call(0), call(30 * SECOND), call(92 * SECOND)])), [2, 1]);
});

test('the pause counts from the end of a call, so a long compile does not end its build', () => {
  const [build, ...others] = seen([call(0, 10 * MINUTE), call(10 * MINUTE + SECOND)]);
  assert.deepEqual([build?.from, build?.to, others], [START, START + 10 * MINUTE + 2 * SECOND, []]);
  assert.deepEqual(hits(seen([call(9 * MINUTE), call(0, 10 * MINUTE)])), [2], 'in the order of their ends');
});

test('a link of three minutes does not end a build of an hour, but a short one', () => {
  const hour = Array.from({ length: 60 }, (_, minute) => call(minute * MINUTE));
  assert.deepEqual(hits(seen([...hour, call(62 * MINUTE)])), [61]);
  assert.deepEqual(hits(seen([call(0), call(3 * MINUTE)])), [1, 1]);
});

test('a build is one however its calls are spread over sections', () => {
  const calls = Array.from({ length: 64 }, (_, index) => call(index * 20 * SECOND));
  assert.deepEqual(hits(seen(calls, 16)), [64]);
  const later = Array.from({ length: 32 }, (_, index) => call(60 * MINUTE + index * SECOND));
  assert.deepEqual(hits(seen([...calls, ...later], 16)), [64, 32]);
});

test('calls from before the clock was set back are not the last build', () => {
  const future = call(24 * 60 * MINUTE);
  assert.deepEqual(withCall([future], call(0)), [call(0)]);
  assert.deepEqual(buildsOf([future, call(0)], START + MINUTE), [call(0)]);
});
