/** A store that is far away or narrow is of use as long as it moves; one that stands still is not waited for. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { sealEnvelope } from '../../../src/storage/remote/envelope.ts';
import { type Dialect, HTTP, MEMCACHED, REDIS, startFake } from '../../helpers/fake-server.ts';
import { guarded, KEY, LIMIT } from '../../helpers/guarded.ts';
import {
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../../helpers/remote-servers.ts';
import { startRelay } from '../../helpers/slow-network.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const BODY = randomBytes(60_000);
const AWS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

const SERVERS: Readonly<
  Record<string, { readonly start: () => Promise<StartedServer>; readonly url: (port: number) => string }>
> = {
  http: { start: startNginx, url: (port) => `http://127.0.0.1:${port}/open?x=1` },
  s3: { start: startS3, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}&x=1` },
  redis: { start: () => startRedis(), url: (port) => `redis://127.0.0.1:${port}?x=1` },
  memcached: { start: () => startMemcached(), url: (port) => `memcached://127.0.0.1:${port}?x=1` },
};

const DIALECTS: Readonly<
  Record<string, { readonly dialect: Dialect; readonly url: (port: number) => string }>
> = {
  http: { dialect: HTTP, url: (port) => `http://127.0.0.1:${port}?x=1` },
  redis: { dialect: REDIS, url: (port) => `redis://127.0.0.1:${port}?x=1` },
  memcached: { dialect: MEMCACHED, url: (port) => `memcached://127.0.0.1:${port}?x=1` },
};

// They wait most of the time.
describe('over a slow network', { concurrency: true }, () => {
  for (const [name, { start, url }] of Object.entries(SERVERS)) {
    test(`an entry that takes several time-outs over a narrow network is sent to ${name}, and fetched`, async (t) => {
      const server = await start();
      const relay = await startRelay(server.port, { rate: 60_000, delayMs: 20 });
      t.after(async () => {
        await relay.stop();
        await server.stop();
      });
      const remote = guarded(temporaryFolder(t), url(relay.port), { environment: AWS });
      t.after(() => remote.close());
      const begun = performance.now();
      assert.equal(await remote.put(KEY, sealEnvelope(KEY, BODY, undefined)), true);
      const found = await remote.get(KEY, LIMIT);
      assert.ok(
        performance.now() - begun > 1500,
        'each way takes a second, and the limit for silence is 0.4',
      );
      assert.ok(found.kind === 'found' && BODY.equals(found.body));
      assert.deepEqual([remote.activity.errors, remote.activity.timeouts], [0, 0]);
    });
  }

  for (const [name, { dialect, url }] of Object.entries(DIALECTS)) {
    test(`a ${name} store that stops in the middle of an entry is given up after the time for silence`, async (t) => {
      const server = await startFake(dialect, (socket, request) => {
        socket.write(dialect.value(request, Buffer.alloc(10_000)).subarray(0, 5000));
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      const begun = performance.now();
      assert.deepEqual(await remote.get(KEY, LIMIT), { kind: 'unanswered' });
      const took = performance.now() - begun;
      assert.ok(took >= 350 && took < 2000, `${took} ms`);
      assert.deepEqual([remote.canRead, remote.activity.timeouts], [false, 1]);
    });

    test(`a ${name} store that sends byte after byte without end is given up after six time-outs`, async (t) => {
      const server = await startFake(dialect, (socket, request) => {
        const value = dialect.value(request, Buffer.alloc(10_000));
        let at = value.length - 9000;
        socket.write(value.subarray(0, at));
        const timer = setInterval(() => socket.write(value.subarray(at, ++at)), 50);
        socket.once('close', () => clearInterval(timer));
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      const begun = performance.now();
      assert.deepEqual(await remote.get(KEY, LIMIT), { kind: 'unanswered' });
      const took = performance.now() - begun;
      assert.ok(took >= 2300 && took < 6000, `${took} ms`);
      assert.equal(remote.activity.timeouts, 1);
    });
  }
});
