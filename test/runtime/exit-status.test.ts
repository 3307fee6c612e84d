import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStatusWatch } from '../../src/runtime/exit-status.ts';

test('a compiler is started although the runtime cannot call the system', async () => {
  // As with an executable whose bun:ffi is missing or forbidden, Node.js has no such module.
  assert.equal(await openStatusWatch(), undefined);
});
