import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CompiledOutcome,
  counterOfFailure,
  countsOf,
  countsOfCause,
  type JobOutcome,
  type StoreOutcome,
  statusOf,
} from '../../src/compile/outcome.ts';
import { digestOfParts } from '../../src/hash/digest.ts';
import { addCounts } from '../../src/statistics/statistics.ts';
import { LockTimeoutError } from '../../src/util/file-lock.ts';

const QUIET = { stdout: new Uint8Array(), stderr: new Uint8Array() };
const STORED: StoreOutcome = {
  kind: 'stored',
  artifact: digestOfParts(['an artifact']),
  growth: { entries: 1, bytes: 7 },
};

function compiled(parts: Partial<CompiledOutcome> = {}): CompiledOutcome {
  return {
    kind: 'compiled',
    because: { kind: 'newKey' },
    status: 0,
    stored: STORED,
    damaged: 0,
    ...QUIET,
    ...parts,
  };
}

test('a hit is counted as a hit and nothing else, and its status is 0', () => {
  const hit: JobOutcome = { kind: 'hit', ...QUIET };
  assert.deepEqual(countsOf(hit), { CacheHits: 1 });
  assert.equal(statusOf(hit), 0);
});

test('a miss counts once as a miss and once by its reason', () => {
  for (const [because, counter] of [
    [{ kind: 'newKey' }, 'SourceChangedMisses'],
    [{ kind: 'text' }, 'HeaderChangedMisses'],
    [{ kind: 'header', path: '/a.h' }, 'HeaderChangedMisses'],
    [{ kind: 'foundFirst', path: '/b/a.h' }, 'HeaderChangedMisses'],
    [{ kind: 'otherTree' }, 'HeaderChangedMisses'],
    [{ kind: 'evicted' }, 'EvictedMisses'],
    [{ kind: 'damaged', because: 'cut off' }, 'EvictedMisses'],
  ] as const) {
    assert.deepEqual(countsOf(compiled({ because })), { CacheMisses: 1, [counter]: 1 }, because.kind);
  }
});

test('a miss of an unknown key counts as evicted when an earlier call shows that its result was stored', () => {
  const moved = { EvictedMisses: 1, SourceChangedMisses: -1 };
  assert.deepEqual(countsOfCause(compiled(), { kind: 'evicted' }), moved);
  assert.deepEqual(countsOfCause(compiled(), { kind: 'notStoredBefore', because: 'no' }), {});
  const known = compiled({ because: { kind: 'evicted' } });
  assert.deepEqual(addCounts(countsOf(known), countsOfCause(known, { kind: 'evicted' })).EvictedMisses, 1);
});

test('the result of a miss has a counter of its own, unless it was stored', () => {
  const added = (stored: StoreOutcome) => {
    const { CacheMisses, SourceChangedMisses, ...rest } = countsOf(compiled({ stored }));
    assert.deepEqual({ CacheMisses, SourceChangedMisses }, { CacheMisses: 1, SourceChangedMisses: 1 });
    return rest;
  };
  assert.deepEqual(added(STORED), {});
  assert.deepEqual(added({ kind: 'compileFailed' }), { FailedCompiles: 1 });
  assert.deepEqual(added({ kind: 'notStored', because: 'a pipe' }), { NotStored: 1 });
  assert.deepEqual(added({ kind: 'cacheFailed', error: new Error('no') }), { CacheErrors: 1 });
  assert.deepEqual(added({ kind: 'cacheFailed', error: new LockTimeoutError('a.lock', 1) }), {
    LockTimeouts: 1,
  });
});

test('damaged artifacts count by their number', () => {
  const outcome = compiled({ because: { kind: 'damaged', because: 'cut off' }, damaged: 2 });
  assert.equal(countsOf(outcome).DamagedEntries, 2);
});

test('a job that was not looked up counts as no miss', () => {
  const uncached: JobOutcome = { kind: 'uncached', status: 0, ...QUIET };
  const refused: JobOutcome = { kind: 'preprocessorFailed', status: 2, ...QUIET };
  assert.deepEqual(countsOf(uncached), { CallsWithUnsupportedOption: 1 });
  assert.deepEqual(countsOf(refused), { FailedCompiles: 1 });
});

test('an outcome has the status of the program that ran', () => {
  assert.equal(statusOf(compiled({ status: 3 })), 3);
  assert.equal(statusOf({ kind: 'uncached', status: 4, ...QUIET }), 4);
  assert.equal(statusOf({ kind: 'preprocessorFailed', status: 5, ...QUIET }), 5);
});

test('a lock that was not free counts as a lock timeout, every other failure as a cache error', () => {
  assert.equal(counterOfFailure(new LockTimeoutError('a.lock', 1)), 'LockTimeouts');
  for (const error of [new Error('no'), 'no', undefined])
    assert.equal(counterOfFailure(error), 'CacheErrors');
});
