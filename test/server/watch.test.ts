import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWatch } from '../../src/server/watch.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const skip = process.platform === 'win32' && 'nothing is watched on Windows';

/** Repeats the change until it is reported, because watching begins some time after the request. */
async function until(isTrue: () => boolean, again: () => void): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isTrue()) {
    assert.ok(Date.now() < deadline, 'not reported');
    again();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a watched file is reported if it changes, is replaced or vanishes, and another file is not', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const [a, b] = [join(folder, 'a.h'), join(folder, 'b.h')];
  for (const path of [a, b]) writeFileSync(path, '0');
  const reported: string[] = [];
  const watch = await openWatch((path) => reported.push(path), assert.fail);
  t.after(watch.close);
  watch.add(a);
  let round = 0;
  const ways: (() => void)[] = [
    () => writeFileSync(a, String(round++)),
    () => {
      writeFileSync(`${a}.new`, String(round++));
      renameSync(`${a}.new`, a);
    },
    () => rmSync(a, { force: true }),
  ];
  for (const change of ways) {
    reported.length = 0;
    await until(
      () => reported.includes(a),
      () => {
        change();
        writeFileSync(b, String(round++));
      },
    );
  }
  assert.deepEqual([...new Set(reported)], [a]);
});
