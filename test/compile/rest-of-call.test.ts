import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argumentsOf } from '../../src/compile/rest-of-call.ts';
import { CL, CLANG_CL, callOf, words } from '../commandline/hosts.ts';

test('the rest of a call is a line with all options and the remaining sources', () => {
  const call = callOf('/c /O2 a.c b.cpp /DX c.c /MP', CL);
  assert.deepEqual(argumentsOf(call.jobs.slice(1)), words('/c /O2 /DX b.cpp c.c'));
  assert.deepEqual(argumentsOf(call.jobs.slice(2)), words('/c /O2 /DX c.c'));
});

test('sources that could be taken for options come after one --', () => {
  const call = callOf('/c /Users/a.c b.c /Users/c.c', CLANG_CL);
  assert.deepEqual(argumentsOf(call.jobs), words('/c -- /Users/a.c b.c /Users/c.c'));
  assert.deepEqual(argumentsOf(call.jobs.slice(1)), words('/c b.c -- /Users/c.c'));
  assert.deepEqual(argumentsOf(callOf('/c a.c -- b.c c.c', CLANG_CL).jobs.slice(1)), words('/c -- b.c c.c'));
});
