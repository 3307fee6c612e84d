import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, workspace } from '../e2e/workspace.ts';

/** On the slowest machine it takes a few seconds, and minutes if each line is compared with all before it. */
const TIMEOUT_MS = 120_000;

test('a response file of 30,000 lines is compiled and hit in seconds', {
  timeout: TIMEOUT_MS,
}, async (t) => {
  const space = workspace(t);
  space.write('a.c', 'int value = M29999;\n');
  const macros = Array.from({ length: 30_000 }, (_, number) => `/DM${number}=${number}`);
  space.write('a.rsp', ['/c', '/Foa.obj', ...macros, 'a.c', ''].join('\n'));
  for (const expected of [{ CacheMisses: 1 }, { CacheMisses: 1, CacheHits: 1 }]) {
    assert.equal((await space.clcache(['@a.rsp'])).status, 0);
    const { CacheMisses, CacheHits = 0 } = await counted(space);
    assert.deepEqual({ CacheMisses, CacheHits }, { CacheHits: 0, ...expected });
  }
});
