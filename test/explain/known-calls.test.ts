import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptCalls, Verdict } from '../../src/explain/kept-call.ts';
import { biggestCauseIn, knownCallsOf } from '../../src/explain/known-calls.ts';
import type { MissCause } from '../../src/explain/miss-causes.ts';
import { type CallWords, keptCall } from './calls.ts';

const FROM = { style: 'posix', workingDirectory: '/p' } as const;

const miss = (...causes: readonly MissCause[]): Verdict => ({ kind: 'miss', causes, result: 'stored' });
const handedOn = (...cures: readonly string[]): Verdict => ({
  kind: 'handedOn',
  reason: { kind: 'externalDebugInfo', because: '/Zi shares its .pdb', option: '/Zi' },
  cures,
});

/** Each call takes 10 ms. */
function kept(source: string, ...calls: readonly CallWords[]): KeptCalls {
  return { source, calls: calls.map((words) => keptCall({ source, ...words })) };
}

const ALL = [
  kept('/p/src/a.c', {
    at: 500,
    verdict: miss({ kind: 'header', path: '/p/inc/u.h', includedBy: '/p/src/a.c' }),
  }),
  kept(
    '/p/src/b.c',
    {
      verdict: miss({ kind: 'header', path: '/p/inc/u.h' }),
      object: '/p/build/CMakeFiles/core.dir/src/b.c.obj',
    },
    { verdict: miss({ kind: 'header', path: '/usr/include/v.h' }) },
  ),
  kept('/p/src/c.c', {
    verdict: { kind: 'miss', causes: [{ kind: 'source' }], result: 'notStored', because: 'c.h changed' },
  }),
  ...['/p/gui/d.c', '/p/gui/e.c', '/p/src/f.c'].map((source) =>
    kept(source, { verdict: handedOn('CLCACHE_Z7=1') }),
  ),
];

test('causes, headers, targets and options are counted, with the worst first', () => {
  assert.deepEqual(knownCallsOf(ALL, FROM), {
    count: 7,
    since: 500,
    causes: [
      { what: 'a header changed', count: 3, ms: 30 },
      { what: 'the source itself changed', count: 1, ms: 10 },
    ],
    headers: [
      { what: 'inc/u.h', count: 2, ms: 20 },
      { what: '/usr/include/v.h', count: 1, ms: 10 },
    ],
    places: [
      { what: 'src/', count: 3, ms: 30 },
      { what: 'target core', count: 1, ms: 10 },
    ],
    handedOn: [
      { what: '/Zi shares its .pdb', count: 3, ms: 30, cures: ['CLCACHE_Z7=1'], places: ['gui/', 'src/'] },
    ],
    notStored: [{ what: 'c.h changed', count: 1, ms: 10 }],
  });
  assert.equal(knownCallsOf([], FROM), undefined);
  assert.equal(knownCallsOf([{ source: '/p/a.c', calls: [] }], FROM), undefined);
});

test('the biggest cause of a build is the one that took longest in it, with what helps', () => {
  const always = { from: 0, to: 2000 };
  assert.deepEqual(biggestCauseIn(ALL, always, FROM), {
    words: '/Zi shares its .pdb',
    count: 3,
    cure: 'CLCACHE_Z7=1',
  });
  assert.deepEqual(biggestCauseIn(ALL, { from: 0, to: 500 }, FROM), {
    words: 'inc/u.h changed',
    count: 1,
    cure: 'fewer sources that include it',
  });
  assert.equal(biggestCauseIn(ALL, { from: 3000, to: 4000 }, FROM), undefined);
});

test('in a first build, the first compiles are the cause', () => {
  const all = ['/p/a.c', '/p/b.c'].map((source) => kept(source, { verdict: miss({ kind: 'first' }) }));
  assert.deepEqual(biggestCauseIn(all, { from: 0, to: 2000 }, FROM), {
    words: 'first compiles in their folder',
    count: 2,
  });
});

test('a call that nothing would have cached is no loss, and a changed source has no remedy', () => {
  const all = [
    ...['/p/a.c', '/p/b.c'].map((source) => kept(source, { verdict: handedOn() })),
    kept('/p/c.c', { verdict: miss({ kind: 'source' }) }),
  ];
  assert.deepEqual(biggestCauseIn(all, { from: 0, to: 2000 }, FROM), {
    words: 'the source itself changed',
    count: 1,
  });
});

test('a call of several sources that was handed on counts once, with the folders of all its sources', () => {
  const call = { call: 'one', verdict: handedOn('CLCACHE_Z7=1') };
  const known = knownCallsOf([kept('/p/gui/a.c', call), kept('/p/src/b.c', call)], FROM);
  assert.equal(known?.count, 1);
  assert.deepEqual(known?.handedOn, [
    { what: '/Zi shares its .pdb', count: 1, ms: 10, cures: ['CLCACHE_Z7=1'], places: ['gui/', 'src/'] },
  ]);
});
