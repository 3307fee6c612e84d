/** A distant or slow store is used as long as it makes progress, and one that stops is not waited for. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { readAddresses } from '../../../../src/storage/remote/address.ts';
import { loadRemote } from '../../../../src/storage/remote/open-remote.ts';
import { AZURE, type Dialect, HTTP, MEMCACHED, REDIS, startFake } from '../../../helpers/fake-server.ts';
import { guarded, KEY, LIMIT } from '../../../helpers/guarded.ts';
import {
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../../../helpers/remote-servers.ts';
import { startRelay } from '../../../helpers/slow-network.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const BODY = randomBytes(60_000);
const AWS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

const SERVERS: Readonly<
  Record<string, { readonly start: () => Promise<StartedServer>; readonly url: (port: number) => string }>
> = {
  http: { start: startNginx, url: (port) => `http://127.0.0.1:${port}/open` },
  s3: { start: startS3, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}` },
  redis: { start: () => startRedis(), url: (port) => `redis://127.0.0.1:${port}` },
  memcached: { start: () => startMemcached(), url: (port) => `memcached://127.0.0.1:${port}` },
};

const DIALECTS: Readonly<
  Record<string, { readonly dialect: Dialect; readonly url: (port: number) => string }>
> = {
  http: { dialect: HTTP, url: (port) => `http://127.0.0.1:${port}?x=1` },
  azblob: {
    dialect: AZURE,
    url: (port) => `azblob://cache?endpoint=http://127.0.0.1:${port}/team&key=c2VjcmV0&x=1`,
  },
  redis: { dialect: REDIS, url: (port) => `redis://127.0.0.1:${port}?x=1` },
  memcached: { dialect: MEMCACHED, url: (port) => `memcached://127.0.0.1:${port}?x=1` },
};

// The tests wait most of the time.
describe('over a slow network', { concurrency: true }, () => {
  for (const [name, { start, url }] of Object.entries(SERVERS)) {
    test(`an entry that comes piece by piece from ${name} is waited for, because each piece shows progress`, async (t) => {
      const server = await start();
      const relay = await startRelay(server.port, { rate: 120_000, delayMs: 20 });
      t.after(async () => {
        await relay.stop();
        await server.stop();
      });
      const [address] = readAddresses({ remote: url(relay.port) }).stores.flat();
      assert.ok(address);
      const connect = await loadRemote(address, { environment: AWS, homeDirectory: '/', style: 'posix' });
      let signs = 0;
      const remote = await connect(() => {
        signs += 1;
      });
      t.after(() => remote.close());
      await remote.put(KEY, BODY);
      signs = 0;
      const found = await remote.get(KEY, LIMIT);
      assert.ok(found && BODY.equals(found));
      assert.ok(signs >= 3, `${signs} signs of life`);
    });
  }

  for (const [name, { dialect, url }] of Object.entries(DIALECTS)) {
    test(`a ${name} store that stops in the middle of an entry is given up after the limit for silence`, async (t) => {
      const server = await startFake(dialect, (socket, request) => {
        socket.write(dialect.value(request, Buffer.alloc(10_000)).subarray(0, 5000));
      });
      t.after(server.stop);
      const lines: string[] = [];
      const remote = guarded(temporaryFolder(t), url(server.port), { lines });
      assert.deepEqual(await remote.get(KEY, LIMIT), { kind: 'unanswered' });
      assert.match(lines.join('\n'), /silence for 400 ms/);
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
      const lines: string[] = [];
      const remote = guarded(temporaryFolder(t), url(server.port), { lines });
      assert.deepEqual(await remote.get(KEY, LIMIT), { kind: 'unanswered' });
      const [, took] = /the answer took over (\d+) ms/.exec(lines.join('\n')) ?? [];
      assert.ok(Number(took) >= 2400 && Number(took) < 30_000, lines.join('\n'));
      assert.equal(remote.activity.timeouts, 1);
    });
  }
});
