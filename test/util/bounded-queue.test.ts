import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedQueue } from '../../src/util/bounded-queue.ts';

test('tasks start in order, and no more run at once than the limit', async () => {
  const queue = new BoundedQueue(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const tasks = Array.from({ length: 20 }, (_, index) =>
    queue.run(async () => {
      started.push(index);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      running--;
      return index;
    }),
  );
  assert.ok(queue.isBusy);
  assert.deepEqual(
    await Promise.all(tasks),
    Array.from({ length: 20 }, (_, index) => index),
  );
  assert.equal(most, 3);
  assert.deepEqual(
    started,
    started.toSorted((a, b) => a - b),
  );
  assert.ok(!queue.isBusy);
});

test('a task that fails passes its place on', async () => {
  const queue = new BoundedQueue(1);
  const failing = queue.run(() => Promise.reject(new Error('no')));
  const next = queue.run(() => Promise.resolve('yes'));
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'yes');
});
