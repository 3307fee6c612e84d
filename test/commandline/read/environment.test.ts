import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandCommandLine } from '../../../src/commandline/read/environment.ts';
import { CL, CLANG_CL, callOf } from '../hosts.ts';

const nothing = () => undefined;

test('CL comes before the arguments and _CL_ behind them', () => {
  const expanded = expandCommandLine(
    ['/c', 'a.c'],
    { CL: '/O1 "/DX=a b"', _CL_: ' /O2\t' },
    { host: CL, readFile: nothing },
  );
  assert.deepEqual(expanded, {
    kind: 'expanded',
    arguments: ['/O1', '/DX=a b', '/c', 'a.c', '/O2'],
    foldedVariables: ['CL', '_CL_'],
  });
});

test('Only variables that are set are removed from the compiler’s environment', () => {
  assert.deepEqual(expandCommandLine(['a.c'], {}, { host: CL, readFile: nothing }), {
    kind: 'expanded',
    arguments: ['a.c'],
    foldedVariables: [],
  });
  const expanded = expandCommandLine(['a.c'], { _CL_: '/c' }, { host: CL, readFile: nothing });
  assert.deepEqual(expanded.kind === 'expanded' && expanded.foldedVariables, ['_CL_']);
});

test('A # in a variable stands for the = of a definition', () => {
  const expanded = expandCommandLine(
    ['a.c'],
    { CL: '/DA#1 -DB#C=D /D E#2 /DF=# /FIx#y.h' },
    { host: CL, readFile: nothing },
  );
  assert.deepEqual(expanded.kind === 'expanded' && expanded.arguments, [
    '/DA=1',
    '-DB=C=D',
    '/D',
    'E=2',
    '/DF=#',
    '/FIx#y.h',
    'a.c',
  ]);
});

test('clang-cl replaces the first # of every word in a variable by =', () => {
  const expanded = expandCommandLine(
    ['a.c'],
    { CL: '/FIx#y.h /DA#B#C' },
    { host: CLANG_CL, readFile: nothing },
  );
  assert.deepEqual(expanded.kind === 'expanded' && expanded.arguments, ['/FIx=y.h', '/DA=B#C', 'a.c']);
});

test('cl expands a response file that a variable names', () => {
  const expanded = expandCommandLine(
    ['a.c'],
    { CL: '@x.rsp' },
    { host: CL, readFile: () => Buffer.from('/O2 /c') },
  );
  assert.deepEqual(expanded.kind === 'expanded' && expanded.arguments, ['/O2', '/c', 'a.c']);
});

test('A response file in a variable of clang-cl is not expanded, because clang-cl takes it for a source', () => {
  assert.equal(
    expandCommandLine(['a.c'], { CL: '@x.rsp' }, { host: CLANG_CL, readFile: () => Buffer.from('/c') }).kind,
    'passThrough',
  );
});

test('What _CL_ adds behind a -- is a source to clang-cl', () => {
  const expanded = expandCommandLine(
    ['/c', '--', '/src/a.c'],
    { _CL_: '/src/b.c' },
    { host: CLANG_CL, readFile: nothing },
  );
  assert.equal(expanded.kind, 'expanded');
  const { jobs } = callOf(expanded.kind === 'expanded' ? expanded.arguments : [], CLANG_CL);
  assert.deepEqual(
    jobs.map((job) => job.source),
    ['/src/a.c', '/src/b.c'],
  );
});

test('A response file that cannot be read is named in the reason', () => {
  const expanded = expandCommandLine(['@none.rsp'], {}, { host: CL, readFile: nothing });
  assert.match(expanded.kind === 'passThrough' ? expanded.because : '', /none\.rsp/);
});
