/** Real Redis servers that divide the keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'ioredis';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { bodyOf, guarded, KEY, LIMIT } from '../../../helpers/guarded.ts';
import { say, startCluster } from '../../../helpers/redis-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const BODY = Buffer.from('an object');
const ENTRY = sealEnvelope(KEY, BODY, {});

test('an entry of a cluster is found while its slot moves to another server, and after it', async (t) => {
  const { servers, stop } = await startCluster(3);
  t.after(stop);
  const ports = servers.map(({ port }) => port);
  const slot = new Command('get', [`clcache/${KEY}`]).getSlot();
  const owner = Math.min(2, Math.floor((slot * 3) / 16_384));
  const [from = 0, to = 0] = [ports[owner], ports[(owner + 1) % 3]];
  const ids = await Promise.all([from, to].map((port) => say(port, [], ['CLUSTER', 'MYID'])));
  const [fromId = '', toId = ''] = ids.map(String);
  const setSlot = (port: number, ...words: readonly string[]) =>
    say(port, [], ['CLUSTER', 'SETSLOT', String(slot), ...words]);

  const url = `redis-cluster://127.0.0.1:1,127.0.0.1:${from}`;
  const early = guarded(temporaryFolder(t), url);
  assert.equal(await early.put(KEY, ENTRY), true);
  // The source sends questions for keys that it does not have any more to the target, each one for once.
  await setSlot(to, 'IMPORTING', fromId);
  await setSlot(from, 'MIGRATING', toId);
  await say(from, [], ['MIGRATE', '127.0.0.1', String(to), `clcache/${KEY}`, '0', '5000']);
  assert.equal(bodyOf(await early.get(KEY, LIMIT)), BODY.toString());
  for (const port of [to, from]) await setSlot(port, 'NODE', toId);
  const late = guarded(temporaryFolder(t), url);
  for (const remote of [early, late]) {
    assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
    assert.equal(await remote.put(KEY, ENTRY), true);
    assert.equal(remote.activity.errors, 0);
    remote.close();
  }
});

test('a cluster without the server of a key is left out, and one without another server is used', async (t) => {
  const { servers, stop } = await startCluster(3, '--cluster-require-full-coverage', 'no');
  t.after(stop);
  const owner = Math.min(2, Math.floor((new Command('get', [`clcache/${KEY}`]).getSlot() * 3) / 16_384));
  const url = `redis-cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}?x=1`;
  await servers[(owner + 1) % 3]?.stop();
  const remote = guarded(temporaryFolder(t), url);
  assert.equal(await remote.put(KEY, ENTRY), true);
  assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
  remote.close();
  await servers[owner]?.stop();
  const late = guarded(temporaryFolder(t), url);
  assert.equal((await late.get(KEY, LIMIT)).kind, 'unanswered');
  assert.deepEqual([late.canRead, late.activity.errors], [false, 1]);
});
