import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { progressLine } from '../../src/cli/progress.ts';

/** Time passes at once. */
function pass(t: TestContext, milliseconds: number): void {
  const then = performance.now() + milliseconds;
  t.mock.method(performance, 'now', () => then);
}

test('progress appears on a terminal after a second, and is removed at the end', (t) => {
  const said: string[] = [];
  const progress = progressLine({ isTerminal: true, stderr: (text) => said.push(text) }, 'Cleaning');
  progress.update(1, 4);
  assert.deepEqual(said, []);
  pass(t, 1010);
  progress.update(2, 4);
  progress.update(3, 4);
  progress.end();
  assert.deepEqual(said, ['\rCleaning 50 %', `\r${' '.repeat(13)}\r`]);
});

test('progress prints nothing if stderr is not a terminal', (t) => {
  const progress = progressLine({ isTerminal: false, stderr: () => assert.fail() }, 'Cleaning');
  pass(t, 1010);
  progress.update(1, 2);
  progress.end();
});
