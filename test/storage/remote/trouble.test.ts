/** A remote store never hurts: dead, slow, lying, full, half-closing and endless servers, with every protocol. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readAddresses } from '../../../src/storage/remote/address.ts';
import { healthOf } from '../../../src/storage/remote/dead-stores.ts';
import { sealEnvelope } from '../../../src/storage/remote/envelope.ts';
import { GuardedRemote } from '../../../src/storage/remote/guarded-remote.ts';
import { loadRemote } from '../../../src/storage/remote/open-remote.ts';
import { type RemoteKey, shardedPath } from '../../../src/storage/remote/remote.ts';
import { type Dialect, HTTP, MEMCACHED, REDIS, startFake } from '../../helpers/fake-server.ts';
import { freePort } from '../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const LIMIT = 1024 * 1024;
const KEY: RemoteKey = `v1/o/${'0'.repeat(40)}`;
const OTHER: RemoteKey = `v1/o/${'1'.repeat(40)}`;
const BODY = Buffer.from('the contents of an object');
const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

interface Protocol {
  readonly dialect: Dialect;
  readonly url: (port: number) => string;
  /** How the protocol's value of these bytes looks to its client. */
  readonly stored?: (bytes: Uint8Array) => Uint8Array;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  http: { dialect: HTTP, url: (port) => `http://127.0.0.1:${port}/cache?x=1` },
  s3: { dialect: HTTP, url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}&x=1` },
  redis: { dialect: REDIS, url: (port) => `redis://127.0.0.1:${port}?x=1` },
  memcached: {
    dialect: MEMCACHED,
    url: (port) => `memcached://127.0.0.1:${port}?x=1`,
    stored: (bytes) => Buffer.concat([Buffer.of(0), bytes]),
  },
};

function guarded(cacheDirectory: string, url: string, lines: string[] = []): GuardedRemote {
  const [address] = readAddresses({
    remote: url.replace('x=1', 'timeout=0.4&connect-timeout=0.3'),
  }).addresses;
  assert.ok(address);
  return new GuardedRemote({
    address,
    load: () => loadRemote(address, { environment, homeDirectory: cacheDirectory, style: 'posix' }),
    secret: undefined,
    health: healthOf(cacheDirectory, address.url),
    redact: (line) => line,
    trace: (line) => lines.push(line()),
  });
}

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;

type Timed = { readonly value: Uint8Array | undefined; readonly ms: number };

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
      assert.equal(await remote.get(KEY, LIMIT), undefined);
      assert.equal(await remote.get(KEY, LIMIT), undefined);
      assert.equal(await remote.put(KEY, BODY), false);
      assert.deepEqual([remote.activity.errors, remote.activity.timeouts], [1, 0]);
      const next = guarded(cacheDirectory, place);
      assert.equal(await next.get(KEY, LIMIT), undefined);
      assert.deepEqual([next.canRead, next.activity.errors], [false, 0]);
      const [mark = ''] = readdirSync(`${cacheDirectory}/v1/remotes`);
      for (const [age, canRead] of [
        [28, false],
        [31, true],
      ] as const) {
        const then = new Date(Date.now() - age * 1000);
        utimesSync(`${cacheDirectory}/v1/remotes/${mark}`, then, then);
        assert.equal(guarded(cacheDirectory, place).canRead, canRead, `after ${age} s`);
      }
    });

    test('does not answer is waited for once, by all together', async (t) => {
      const server = await startFake(dialect, () => {});
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      const { ms } = await timed(() => Promise.all([KEY, OTHER].map((key) => remote.get(key, LIMIT))));
      assert.ok(ms >= 300 && ms < 1500, `${ms} ms`);
      assert.ok((await timed(() => remote.get(KEY, LIMIT))).ms < 50);
      assert.deepEqual([remote.activity.timeouts, remote.activity.errors], [1, 0]);
    });

    test('gives other bytes, or the entry of another key, has a miss', async (t) => {
      const lies = [sealEnvelope(OTHER, BODY, undefined), Buffer.from('<html>Welcome</html>'), Buffer.of()];
      const server = await startFake(dialect, (socket, request) => {
        socket.write(dialect.value(request, stored(lies.shift() ?? Buffer.of())));
      });
      t.after(server.stop);
      const remote = guarded(temporaryFolder(t), url(server.port));
      for (let round = 1; round <= 3; round += 1) {
        assert.equal(await remote.get(KEY, LIMIT), undefined);
        assert.equal(remote.activity.rejected, round);
      }
      assert.deepEqual([remote.canRead, remote.activity.hits], [true, 0]);
      remote.close();
    });

    test('is full is still read, and not written to again', async (t) => {
      const cacheDirectory = temporaryFolder(t);
      const server = await startFake(dialect, (socket, request) => {
        const isRead = request[1] === 0 || /^GET|\r\nget\r\n/.test(request.toString('latin1'));
        const good = () => dialect.value(request, stored(sealEnvelope(KEY, BODY, undefined)));
        socket.write(isRead ? good() : dialect.refusal(request));
      });
      t.after(server.stop);
      const remote = guarded(cacheDirectory, url(server.port));
      assert.equal(await remote.put(KEY, BODY), false);
      assert.equal(await remote.put(OTHER, BODY), false);
      assert.equal(remote.activity.errors, 1);
      assert.deepEqual(Buffer.from((await remote.get(KEY, LIMIT)) ?? []), BODY);
      const next = guarded(cacheDirectory, url(server.port));
      assert.deepEqual([next.canRead, next.canWrite], [true, false]);
      remote.close();
    });

    test('hangs up in the middle of an answer, or before it, is out at once', async (t) => {
      for (const share of [0.5, 0]) {
        const server = await startFake(dialect, (socket, request) => {
          const whole = dialect.value(request, stored(sealEnvelope(KEY, BODY, undefined)));
          socket.end(whole.subarray(0, Math.floor(whole.length * share)));
        });
        t.after(server.stop);
        const remote = guarded(temporaryFolder(t), url(server.port));
        const got: Timed = await timed((): Promise<Uint8Array | undefined> => remote.get(KEY, LIMIT));
        assert.equal(got.value, undefined);
        assert.ok(got.ms < 300, `${got.ms} ms`);
        assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      }
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
      assert.equal(await remote.get(KEY, LIMIT), undefined);
      assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      assert.ok(sent < 64 * LIMIT, `${sent} bytes`);
    });
  });
}

test('a shared folder that is not there is a dead store', async (t) => {
  const cacheDirectory = temporaryFolder(t);
  const remote = guarded(cacheDirectory, pathToFileURL(`${cacheDirectory}/not-mounted`).href);
  assert.equal(await remote.get(KEY, LIMIT), undefined);
  assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
});

test('a shared folder that gives other bytes, or the entry of another key, has a miss', async (t) => {
  const share = temporaryFolder(t);
  const remote = guarded(temporaryFolder(t), pathToFileURL(share).href);
  const file = `${share}/${shardedPath(KEY)}`;
  mkdirSync(dirname(file), { recursive: true });
  const lies = [sealEnvelope(OTHER, BODY, undefined), Buffer.from('<html>Welcome</html>'), Buffer.of()];
  for (const [index, lie] of lies.entries()) {
    writeFileSync(file, lie);
    assert.equal(await remote.get(KEY, LIMIT), undefined);
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
    assert.equal(await remote.put(KEY, sealEnvelope(KEY, BODY, undefined)), true);
    assert.equal(await remote.put(OTHER, randomBytes(200_000)), false);
    assert.deepEqual([remote.canRead, remote.canWrite], [true, false]);
    assert.deepEqual(Buffer.from((await remote.get(KEY, LIMIT)) ?? []), BODY);
    const left = readdirSync(share, { recursive: true, encoding: 'utf8' });
    assert.ok(!left.some((name) => name.endsWith('.tmp')), left.join());
    assert.equal(guarded(cacheDirectory, pathToFileURL(share).href).canWrite, false);
  } finally {
    execFileSync('umount', [share]);
  }
});

test('a store that connects and does not greet is given up after the time for connecting', async (t) => {
  const server = await startFake(REDIS, () => {});
  t.after(server.stop);
  const remote = guarded(temporaryFolder(t), `redis://:password@127.0.0.1:${server.port}?x=1`);
  const { ms } = await timed(() => remote.get(KEY, LIMIT));
  assert.ok(ms >= 250 && ms < 1500, `${ms} ms`);
  assert.equal(remote.activity.timeouts, 1);
});

test('a read-only store is read and never written to', async (t) => {
  const server = await startFake(HTTP, (socket, request) => {
    assert.match(request.toString('latin1'), /^GET /);
    socket.write(HTTP.value(request, sealEnvelope(KEY, BODY, undefined)));
  });
  t.after(server.stop);
  const remote = guarded(temporaryFolder(t), `http://127.0.0.1:${server.port}/?readonly=1&x=1`);
  assert.equal(await remote.put(KEY, BODY), false);
  assert.deepEqual(Buffer.from((await remote.get(KEY, LIMIT)) ?? []), BODY);
  assert.deepEqual([remote.activity.hits, remote.activity.bytesSent, remote.activity.errors], [1, 0, 0]);
});

test('a redirection is not followed: credentials go to nobody else', async (t) => {
  const other = await startFake(HTTP, (socket, request) => {
    socket.write(HTTP.value(request, sealEnvelope(KEY, BODY, undefined)));
  });
  const server = await startFake(HTTP, (socket) => {
    socket.write(
      `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${other.port}/\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  t.after(server.stop);
  t.after(other.stop);
  const remote = guarded(temporaryFolder(t), `http://127.0.0.1:${server.port}/?token=abc&x=1`);
  assert.equal(await remote.get(KEY, LIMIT), undefined);
  assert.deepEqual([other.spokenTo(), remote.activity.errors], [0, 1]);
});
