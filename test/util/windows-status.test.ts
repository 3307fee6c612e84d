import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStatusWatch } from '../../src/util/windows-status.ts';

test('where the runtime cannot call the system, a compiler is started all the same', async () => {
  // As with an executable whose bun:ffi is missing or forbidden, Node.js has no such module.
  assert.equal(await openStatusWatch(), undefined);
});
