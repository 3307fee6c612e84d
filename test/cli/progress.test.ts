import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine } from '../../src/cli/progress.ts';

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

test('progress appears on a terminal after a second, and is removed at the end', async () => {
  const said: string[] = [];
  const progress = progressLine({ isTerminal: true, stderr: (text) => said.push(text) }, 'Cleaning');
  progress.update(1, 4);
  assert.deepEqual(said, []);
  await sleep(1010);
  progress.update(2, 4);
  progress.update(3, 4);
  progress.end();
  assert.deepEqual(said, ['\rCleaning 50 %', `\r${' '.repeat(13)}\r`]);
});

test('progress prints nothing if stderr is not a terminal', async () => {
  const progress = progressLine({ isTerminal: false, stderr: () => assert.fail() }, 'Cleaning');
  await sleep(1010);
  progress.update(1, 2);
  progress.end();
});
