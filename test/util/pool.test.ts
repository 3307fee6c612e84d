import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPool } from '../../src/util/pool.ts';

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

test('no more tasks than allowed are under way, and results stand in the order of the tasks', async () => {
  let running = 0;
  let most = 0;
  const tasks = Array.from({ length: 12 }, (_, index) => async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(12 - index);
    running -= 1;
    return index;
  });
  assert.deepEqual(await runPool(3, tasks), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(most, 3);
});

test('tasks that are not started any more leave undefined, and those under way are waited for', async () => {
  let failed = false;
  const tasks = [
    async () => {
      await sleep(20);
      return 'slow';
    },
    async () => {
      failed = true;
      return 'bad';
    },
    async () => 'never',
  ];
  assert.deepEqual(await runPool(2, tasks, () => failed), ['slow', 'bad', undefined]);
});

test('a task that throws stops the rest and is reported after the others have ended', async () => {
  const log: string[] = [];
  const tasks = [
    async () => {
      await sleep(20);
      log.push('slow');
    },
    async () => {
      throw new Error('bad');
    },
    async () => {
      log.push('never');
    },
  ];
  await assert.rejects(runPool(2, tasks), /bad/);
  assert.deepEqual(log, ['slow']);
});

test('a limit that makes no sense means one at a time', async () => {
  assert.deepEqual(await runPool(0, [async () => 1, async () => 2]), [1, 2]);
  assert.deepEqual(await runPool(Number.NaN, [async () => 1]), [1]);
  assert.deepEqual(await runPool(4, []), []);
});
