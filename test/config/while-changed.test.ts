import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { whileChanged } from '../../src/config/while-changed.ts';

const [SET, UNSET] = ['CLCACHE_TEST_SET', 'CLCACHE_TEST_UNSET'];
process.env[SET] = 'before';
after(() => {
  delete process.env[SET];
});

const seen = () => [process.env[SET], process.env[UNSET]];

test('variables have other values, or none, while the work is done, and are as before when it has failed', async () => {
  const during = await whileChanged({ [SET]: undefined, [UNSET]: 'now' }, async () => seen());
  assert.deepEqual(during, [undefined, 'now']);
  assert.deepEqual(seen(), ['before', undefined]);
  const failing = whileChanged({ [SET]: 'now' }, () => Promise.reject(new Error('no')));
  await assert.rejects(failing, /no/);
  assert.deepEqual(seen(), ['before', undefined]);
});

test('of several at once, the last one that ends puts the variables back', async () => {
  const ends: (() => void)[] = [];
  const begin = () =>
    whileChanged({ [SET]: undefined, [UNSET]: 'now' }, () => new Promise<void>((end) => ends.push(end)));
  const [first, second] = [begin(), begin()];
  ends[0]?.();
  await first;
  assert.deepEqual(seen(), [undefined, 'now']);
  ends[1]?.();
  await second;
  assert.deepEqual(seen(), ['before', undefined]);
});
