import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSettled } from '../../../src/compile/miss/settled-database.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('a database is complete when nobody has written to it for a while, also if it appears late', async (t) => {
  const path = join(temporaryFolder(t), 'x.pdb');
  let last = 0;
  const settled = isSettled(path);
  for (let write = 0; write < 8; write += 1) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    appendFileSync(path, 'record');
    last = performance.now();
  }
  assert.equal(await settled, true);
  assert.ok(performance.now() - last >= 200);
});

test('a database that does not appear is not waited for without end', async (t) => {
  let now = performance.now();
  t.mock.method(performance, 'now', () => {
    now += 500;
    return now;
  });
  assert.equal(await isSettled(join(temporaryFolder(t), 'none.pdb')), false);
});
