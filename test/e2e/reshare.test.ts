/** Stores that are filled from what another store, or the local folder, has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { machine } from './machine.ts';

test('a team’s new store is filled by hits of the first machine, and serves the second', async (t) => {
  const alone = machine(t, {});
  await alone.compile('one', 'two');
  const store = pathToFileURL(temporaryFolder(t)).href;
  const first = machine(t, {
    CLCACHE_DIR: alone.environment['CLCACHE_DIR'] ?? '',
    CLCACHE_REMOTE: store,
    CLCACHE_RESHARE: '1',
  });
  const hit = await first.compile('one', 'two');
  assert.equal(hit.status, 0);
  assert.deepEqual((await first.statistics()).CacheHits, 2);
  const second = machine(t, { CLCACHE_REMOTE: store });
  await second.compile('one', 'two');
  assert.equal((await second.statistics()).CacheHits, 2);
});
