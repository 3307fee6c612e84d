import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  addToRemoteStatistics,
  readRemoteStatistics,
  resetRemoteStatistics,
} from '../../src/statistics/remote-statistics.ts';
import { statisticsBelow } from '../../src/storage/local/layout.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const NOTHING = {
  hits: 0,
  misses: 0,
  rejected: 0,
  errors: 0,
  timeouts: 0,
  notSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
};

test('each store is counted separately, and one that did nothing is left out', async (t) => {
  const directory = `${temporaryFolder(t)}/v1/statistics`;
  assert.deepEqual(readRemoteStatistics(statisticsBelow(directory)), {});
  const add = (name: string, counts: Partial<typeof NOTHING>) =>
    addToRemoteStatistics(statisticsBelow(directory), [{ ...NOTHING, ...counts, name }], 1000);
  await add('redis://a', { hits: 1, bytesReceived: 10 });
  await add('redis://a', { hits: 2, misses: 1 });
  await add('http://b', { timeouts: 1 });
  await add('http://idle', {});
  assert.deepEqual(readRemoteStatistics(statisticsBelow(directory)), {
    'redis://a': { ...NOTHING, hits: 3, misses: 1, bytesReceived: 10 },
    'http://b': { ...NOTHING, timeouts: 1 },
  });
  await resetRemoteStatistics(statisticsBelow(directory), 1000);
  assert.deepEqual(readRemoteStatistics(statisticsBelow(directory)), {});
});

test('a broken section counts as empty', async (t) => {
  const directory = temporaryFolder(t);
  for (const section of ['0', '1']) mkdirSync(`${directory}/${section}`);
  writeFileSync(`${directory}/0/remotes.json`, '{"redis://a":{"hi');
  writeFileSync(`${directory}/1/remotes.json`, '{"redis://a":{"hits":1,"misses":"2","errors":-3},"x":3}');
  assert.deepEqual(readRemoteStatistics(statisticsBelow(directory)), {
    'redis://a': { ...NOTHING, hits: 1 },
    x: NOTHING,
  });
});
