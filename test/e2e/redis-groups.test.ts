/** Builds against Redis servers that fail and are replaced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say, startCluster, startRedisAtSocket, startWatched } from '../helpers/redis-servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { machine } from './machine.ts';

test('a build goes on while the master dies, and a promoted replica serves the next machine', async (t) => {
  const watched = await startWatched('pass:word');
  t.after(watched.stop);
  const url = `redis-sentinel://:pass%3Aword@127.0.0.1:${watched.sentinel.port}/mymaster`;
  const [first, second] = [machine(t, { CLCACHE_REMOTE: url }), machine(t, { CLCACHE_REMOTE: url })] as const;
  assert.equal((await first.compile('one')).status, 0);
  await say(watched.master.port, ['--requirepass', 'pass:word'], ['WAIT', '1', '5000']);
  await watched.master.stop();

  assert.equal((await first.compile('two')).status, 0);
  assert.notEqual(first.object('two'), 'none');
  const [[name, counts] = ['']] = Object.entries(await first.remotes());
  assert.match(name, /^redis-sentinel:\/\/127\.0\.0\.1:\d+\/mymaster \(credentials \w+\)$/);
  assert.equal(counts?.errors, 1);
  assert.match(counts?.lastError ?? '', /ECONNREFUSED/);
  assert.notEqual(counts?.outUntil, undefined);

  await watched.promoted();
  assert.equal((await second.compile('one')).status, 0);
  assert.deepEqual([(await second.statistics()).CacheHits, second.object('one')], [1, first.object('one')]);
  await first.own('-z');
  assert.equal((await first.compile('two')).status, 0);
});

test('two machines share results through a Unix socket', async (t) => {
  const socket = `${temporaryFolder(t)}/redis.sock`;
  const server = await startRedisAtSocket(socket);
  t.after(() => server.stop());
  const variables = { CLCACHE_REMOTE: `redis+unix://${socket}?db=1` };
  const [first, second] = [machine(t, variables), machine(t, variables)] as const;
  for (const one of [first, second]) assert.equal((await one.compile('one')).status, 0);
  assert.deepEqual([(await second.statistics()).CacheHits, second.object('one')], [1, first.object('one')]);
});

test('two machines share results through a cluster, and lose a server of it without a failure', async (t) => {
  const { servers, stop } = await startCluster(3);
  t.after(stop);
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const variables = { CLCACHE_REMOTE: `redis-cluster://${hosts}?timeout=2` };
  const [first, second] = [machine(t, variables), machine(t, variables)] as const;
  assert.equal((await first.compile('one', 'two')).status, 0);
  assert.equal((await second.compile('one', 'two')).status, 0);
  const { CacheHits, CacheMisses } = await second.statistics();
  assert.deepEqual([CacheHits, CacheMisses, second.object('two')], [2, 0, first.object('two')]);
  await servers[0]?.stop();
  const third = machine(t, variables);
  assert.equal((await third.compile('one', 'two')).status, 0);
  assert.equal(third.object('one'), first.object('one'));
});
