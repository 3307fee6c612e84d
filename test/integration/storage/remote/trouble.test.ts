/**
 * A remote store never fails a call: dead, slow, wrong, full, half-closing and endless servers, with every protocol.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Found } from '../../../../src/storage/remote/read-value.ts';
import { shardedPath } from '../../../../src/storage/remote/remote.ts';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { AZURE, type Dialect, HTTP, MEMCACHED, REDIS, startFake } from '../../../helpers/fake-server.ts';
import { bodyOf, guarded, KEY, LIMIT, OTHER } from '../../../helpers/guarded.ts';
import { freePort } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const BODY = Buffer.from('the contents of an object');

interface Protocol {
  readonly dialect: Dialect;
  readonly url: (port: number) => string;
  /** The protocol's form of a value with these bytes. */
  readonly stored?: (bytes: Uint8Array) => Uint8Array;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  http: { dialect: HTTP, url: (port) => `http://127.0.0.1:${port}/cache?x=1` },
  s3: { dialect: HTTP, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}&x=1` },
  azblob: {
    dialect: AZURE,
    url: (port) => `azblob://cache?endpoint=http://127.0.0.1:${port}/team&key=c2VjcmV0&x=1`,
  },
  redis: { dialect: REDIS, url: (port) => `redis://127.0.0.1:${port}?x=1` },
  memcached: {
    dialect: MEMCACHED,
    url: (port) => `memcached://127.0.0.1:${port}?x=1`,
    stored: (bytes) => Buffer.concat([Buffer.of(0), bytes]),
  },
};

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  return { value: await work(), ms: performance.now() - start };
}

for (const [name, { dialect, url, stored = asItIs }] of Object.entries(PROTOCOLS)) {
  describe(`${name}: a server that`, () => {
    test('is dead costs one failure, and is not asked again within 30 seconds', async (t) => {
      const cacheDirectory = temporaryFolder(t);
      const place = url(await freePort());
      const remote = guarded(cacheDirectory, place);
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.equal(await remote.put(KEY, BODY), false);
      assert.deepEqual([remote.activity.errors, remote.activity.timeouts], [1, 0]);
      const next = guarded(cacheDirectory, place);
      assert.equal((await next.get(KEY, LIMIT)).kind, 'unanswered');
      assert.deepEqual([next.canRead, next.activity.errors], [false, 0]);
      const [mark = ''] = readdirSync(`${cacheDirectory}/v1/remotes`);
      const file = `${cacheDirectory}/v1/remotes/${mark}`;
      const record = JSON.parse(readFileSync(file, 'utf8'));
      for (const [age, canRead] of [
        [28, false],
        [31, true],
      ] as const) {
        writeFileSync(file, JSON.stringify({ ...record, down: Date.now() - age * 1000 }));
        assert.equal(guarded(cacheDirectory, place).canRead, canRead, `after ${age} s`);
      }
    });

    test('does not answer is waited for once, by all requests together', async (t) => {
      const server = await startFake(dialect, () => {});
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      const { ms } = await timed(() => Promise.all([KEY, OTHER].map((key) => remote.get(key, LIMIT))));
      assert.ok(ms >= 300 && ms < 30_000, `${ms} ms`);
      assert.ok((await timed(() => remote.get(KEY, LIMIT))).ms < 300);
      assert.deepEqual([remote.activity.timeouts, remote.activity.errors], [1, 0]);
    });

    test('returns other bytes, or the entry of another key, has a miss', async (t) => {
      const lies = [sealEnvelope(OTHER, BODY, {}), Buffer.from('<html>Welcome</html>'), Buffer.of()];
      const server = await startFake(dialect, (socket, request) => {
        socket.write(dialect.value(request, stored(lies.shift() ?? Buffer.of())));
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      for (let round = 1; round <= 3; round += 1) {
        assert.equal((await remote.get(KEY, LIMIT)).kind, 'rejected');
        assert.equal(remote.activity.rejected, round);
      }
      assert.equal(remote.canRead, true);
      remote.close();
    });

    test('is full is still read, and not written to again', async (t) => {
      const cacheDirectory = temporaryFolder(t);
      const server = await startFake(dialect, (socket, request) => {
        const isRead = /^GET|^get |\r\nget\r\n/.test(request.toString('latin1'));
        const good = () => dialect.value(request, stored(sealEnvelope(KEY, BODY, {})));
        socket.write(isRead ? good() : dialect.refusal(request));
      });
      t.after(server.stop);
      const remote = guarded(cacheDirectory, url(server.port));
      assert.equal(await remote.put(KEY, BODY), false);
      assert.equal(await remote.put(OTHER, BODY), false);
      assert.equal(remote.activity.errors, 1);
      assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
      const next = guarded(cacheDirectory, url(server.port));
      assert.deepEqual([next.canRead, next.canWrite], [true, false]);
      remote.close();
    });

    test('hangs up in the middle of an answer, or before it, is out at once', async (t) => {
      for (const share of [0.5, 0]) {
        const server = await startFake(dialect, (socket, request) => {
          const whole = dialect.value(request, stored(sealEnvelope(KEY, BODY, {})));
          socket.end(whole.subarray(0, Math.floor(whole.length * share)));
        });
        t.after(server.stop);
        const remote = guarded(temporaryFolder(t), url(server.port));
        const got: { value: Found; ms: number } = await timed((): Promise<Found> => remote.get(KEY, LIMIT));
        assert.equal(got.value.kind, 'unanswered');
        assert.ok(got.ms < 4000, `${got.ms} ms`);
        assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      }
    });

    test('closes a connection after some silence is asked on another one', async (t) => {
      const server = await startFake(dialect, (socket, request) => {
        socket.end(dialect.value(request, stored(sealEnvelope(KEY, BODY, {}))));
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      t.after(() => remote.close());
      for (let round = 1; round <= 3; round += 1) {
        assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(server.spokenTo(), round);
      }
      assert.deepEqual([remote.canRead, remote.activity.errors], [true, 0]);
    });

    test('never stops sending is cut off before it fills the memory', async (t) => {
      const chunk = Buffer.alloc(256 * 1024);
      let sent = 0;
      const server = await startFake(dialect, (socket, request) => {
        socket.write(dialect.hugeHead(request));
        const more = () => {
          while (!socket.destroyed && sent < 1e9) {
            sent += chunk.length;
            if (!socket.write(chunk)) {
              socket.once('drain', more);
              return;
            }
          }
        };
        more();
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      assert.ok(sent < 64 * LIMIT, `${sent} bytes`);
    });
  });
}

test('a shared folder that does not exist is a dead store', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const remote = guarded(cacheDirectory, pathToFileURL(`${cacheDirectory}/not-mounted`).href);
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
  assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
});

test('a shared folder that returns other bytes, or the entry of another key, has a miss', async (t) => {
  const share = temporaryFolder(t);
  const remote = guarded(temporaryFolder(t), pathToFileURL(share).href);
  const file = `${share}/${shardedPath(KEY)}`;
  mkdirSync(dirname(file), { recursive: true });
  const lies = [sealEnvelope(OTHER, BODY, {}), Buffer.from('<html>Welcome</html>'), Buffer.of()];
  for (const [index, lie] of lies.entries()) {
    writeFileSync(file, lie);
    assert.equal((await remote.get(KEY, LIMIT)).kind, 'rejected');
    assert.deepEqual([remote.activity.rejected, remote.canRead], [index + 1, true]);
  }
});

test('a shared folder on a full disk is still read, and not written to again', {
  skip: (process.platform !== 'linux' || process.getuid?.() !== 0) && 'mounting needs root on Linux',
}, async (t) => {
  const share = temporaryFolder(t);
  const cacheDirectory = temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', share]);
  try {
    const remote = guarded(cacheDirectory, pathToFileURL(share).href);
    assert.equal(await remote.put(KEY, sealEnvelope(KEY, BODY, {})), true);
    assert.equal(await remote.put(OTHER, randomBytes(200_000)), false);
    assert.deepEqual([remote.canRead, remote.canWrite], [true, false]);
    assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
    const left = readdirSync(share, { recursive: true, encoding: 'utf8' });
    assert.ok(!left.some((name) => name.endsWith('.tmp')), left.join());
    assert.equal(guarded(cacheDirectory, pathToFileURL(share).href).canWrite, false);
  } finally {
    execFileSync('umount', [share]);
  }
});

test('a store that connects and does not greet is given up after the limit for connecting', async (t) => {
  const server = await startFake(REDIS, () => {});
  t.after(server.stop);
  const remote = guarded(temporaryFolder(t), `redis://:password@127.0.0.1:${server.port}?x=1`);
  const { ms } = await timed(() => remote.get(KEY, LIMIT));
  assert.ok(ms >= 250 && ms < 30_000, `${ms} ms`);
  assert.equal(remote.activity.timeouts, 1);
});

test('a read-only store is read and never written to', async (t) => {
  const server = await startFake(HTTP, (socket, request) => {
    assert.match(request.toString('latin1'), /^GET /);
    socket.write(HTTP.value(request, sealEnvelope(KEY, BODY, {})));
  });
  t.after(server.stop);
  const remote = guarded(temporaryFolder(t), `http://127.0.0.1:${server.port}/?readonly=1&x=1`);
  assert.equal(await remote.put(KEY, BODY), false);
  assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
  assert.deepEqual([remote.activity.bytesSent, remote.activity.errors], [0, 0]);
});

for (const [name, { dialect, url }] of Object.entries(PROTOCOLS).filter(([name]) =>
  /http|s3|azblob/.test(name),
)) {
  test(`${name}: a connection that the server closes as it is used again is made again, once`, async (t) => {
    const served = new WeakSet<object>();
    const server = await startFake(dialect, (socket, request) => {
      if (served.has(socket)) socket.resetAndDestroy();
      else socket.write(dialect.value(request, sealEnvelope(KEY, BODY, {})));
      served.add(socket);
    });
    t.after(server.stop);
    const remote = guarded(temporaryFolder(t), url(server.port));
    t.after(() => remote.close());
    for (let round = 1; round <= 4; round += 1)
      assert.equal(bodyOf(await remote.get(KEY, LIMIT)), BODY.toString());
    assert.deepEqual([server.spokenTo(), remote.activity.errors], [4, 0]);
  });
}

test('a redirection is not followed, because credentials go only to the named host', async (t) => {
  const other = await startFake(HTTP, (socket, request) => {
    socket.write(HTTP.value(request, sealEnvelope(KEY, BODY, {})));
  });
  const server = await startFake(HTTP, (socket) => {
    socket.write(
      `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${other.port}/\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  t.after(server.stop);
  t.after(other.stop);
  const remote = guarded(temporaryFolder(t), `http://127.0.0.1:${server.port}/?token=abc&x=1`);
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
  assert.deepEqual([other.spokenTo(), remote.activity.errors], [0, 1]);
});
