/** What every protocol promises, against real servers. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readAddresses } from '../../../../src/storage/remote/address.ts';
import { MEMCACHED_LIMIT } from '../../../../src/storage/remote/memcached/parts.ts';
import { loadRemote } from '../../../../src/storage/remote/open-remote.ts';
import { RefusedError, type Remote, type RemoteKey } from '../../../../src/storage/remote/remote.ts';
import { AZURE, azuriteUrl, startAzurite, WITHOUT_AZURITE } from '../../../helpers/azurite.ts';
import { say, startCluster, startRedisAtSocket, startWatched } from '../../../helpers/redis-servers.ts';
import {
  type StartedServer,
  startMemcached,
  startNginx,
  startRedis,
  startS3,
} from '../../../helpers/remote-servers.ts';

const AWS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
const CREDENTIALS = { ...AWS, ...AZURE };
const LIMIT = 8 * 1024 * 1024;

interface Setting {
  readonly start: () => Promise<Pick<StartedServer, 'port' | 'stop'>>;
  readonly url: (port: number) => string;
  readonly skip?: string | false;
}

const folder = mkdtempSync(`${tmpdir()}/clcache-share-`);
const nothing = async () => ({ port: 0, stop: async () => {} });

const SETTINGS: Readonly<Record<string, Setting>> = {
  file: { start: nothing, url: () => pathToFileURL(folder).href },
  memcached: { start: () => startMemcached(), url: (port) => `memcached://127.0.0.1:${port}` },
  redis: { start: () => startRedis(), url: (port) => `redis://127.0.0.1:${port}` },
  'redis with password and database': {
    start: () => startRedis('--requirepass', 'pass:word/1'),
    url: (port) => `redis://:pass%3Aword%2F1@127.0.0.1:${port}/3?ttl=600`,
  },
  'redis at a Unix socket': {
    start: () => startRedisAtSocket(`${folder}/redis.sock`, '--requirepass', 'pass:word'),
    url: () => `redis+unix://:pass%3Aword@localhost${folder}/redis.sock?db=2&ttl=600`,
  },
  'redis sentinel': {
    start: async () => {
      const { sentinel, stop } = await startWatched('pass:word');
      return { port: sentinel.port, stop };
    },
    url: (port) => `redis-sentinel://:pass%3Aword@127.0.0.1:1,127.0.0.1:${port}/mymaster?db=1`,
  },
  'redis cluster': {
    start: async () => {
      const { servers, stop } = await startCluster(3, '--requirepass', 'pass:word');
      return { port: servers[0]?.port ?? 0, stop };
    },
    url: (port) => `redis-cluster://:pass%3Aword@127.0.0.1:1,127.0.0.1:${port}`,
  },
  http: { start: startNginx, url: (port) => `http://127.0.0.1:${port}/open/cache` },
  'http where folders must be made': {
    start: startNginx,
    url: (port) => `http://127.0.0.1:${port}/strict`,
  },
  'http below folders that must be made': {
    start: startNginx,
    url: (port) => `http://127.0.0.1:${port}/strict/team/cache`,
  },
  'http with basic authentication': {
    start: startNginx,
    url: (port) => `http://me:secret%20word@127.0.0.1:${port}/closed`,
  },
  'http in the layout of bazel': {
    start: startNginx,
    url: (port) => `http://127.0.0.1:${port}/open/bazel?layout=bazel`,
  },
  'http with a signed query': {
    start: startSignedServer,
    url: (port) => `http://127.0.0.1:${port}/cache?query=Policy%3Dall%26Signature%3Da%252Fb`,
  },
  's3 without credentials': {
    start: startS3,
    url: (port) => `s3://bucket/open?endpoint=http://127.0.0.1:${port}&anonymous=1`,
  },
  s3: {
    start: startS3,
    url: (port) => `s3://bucket/some/prefix?endpoint=http://127.0.0.1:${port}&region=eu-north-1`,
  },
  azblob: { start: startAzurite, url: (port) => azuriteUrl(port), skip: WITHOUT_AZURITE },
};

after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function newKey(): RemoteKey {
  count += 1;
  return `v1/o/${count.toString(16).padStart(40, '0')}`;
}

/** As a content delivery network with a signature for all that it has: other requests are forbidden. */
async function startSignedServer(): Promise<Pick<StartedServer, 'port' | 'stop'>> {
  const kept = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [path = '', query] = request.url?.split('?') ?? [];
    if (query !== 'Policy=all&Signature=a%2Fb') return response.writeHead(403).end();
    if (request.method === 'PUT') {
      kept.set(path, Buffer.concat(chunks));
      return response.writeHead(201).end();
    }
    if (request.method === 'DELETE') return response.writeHead(kept.delete(path) ? 204 : 404).end();
    const body = kept.get(path);
    if (!body) return response.writeHead(404).end();
    return response
      .writeHead(200, { 'content-length': String(body.length) })
      .end(request.method === 'GET' ? body : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => void server.close(),
  };
}

/** The answer of a server to a line. */
async function sayText(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(line);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

async function open(url: string, environment: Record<string, string> = CREDENTIALS): Promise<Remote> {
  const { stores, problems } = readAddresses({ remote: url });
  assert.deepEqual(problems, []);
  const [address] = stores.flat();
  assert.ok(address);
  const connect = await loadRemote(address, { environment, homeDirectory: folder, style: 'posix' });
  return connect(() => {});
}

for (const [name, setting] of Object.entries(SETTINGS)) {
  describe(`a ${name} store`, { skip: setting.skip ?? false }, () => {
    let server: Pick<StartedServer, 'port' | 'stop'>;
    let remote: Remote;
    before(async () => {
      server = await setting.start();
      remote = await open(setting.url(server.port));
    });
    after(async () => {
      remote?.close();
      await server?.stop();
    });

    test('has nothing under a key that was never put', async () => {
      assert.equal(await remote.get(newKey(), LIMIT), undefined);
    });

    test('returns the bytes that were put, and the last ones if a key was put twice', async () => {
      const key = newKey();
      await remote.put(key, Uint8Array.of(1, 2, 3));
      const bytes = Uint8Array.of(0, 255, 13, 10, 0);
      await remote.put(key, bytes);
      assert.deepEqual(Buffer.from((await remote.get(key, LIMIT)) ?? []), Buffer.from(bytes));
    });

    test('keeps values of several mebibytes', async () => {
      const key = newKey();
      const bytes = randomBytes(3_456_789);
      await remote.put(key, bytes);
      assert.ok(bytes.equals((await remote.get(key, LIMIT)) ?? Buffer.of()));
    });

    test('answers many requests at once, each with its own value', async () => {
      const keys = Array.from({ length: 20 }, newKey);
      await Promise.all(keys.map((key) => remote.put(key, Buffer.from(key))));
      const values = await Promise.all(keys.map((key) => remote.get(key, LIMIT)));
      assert.deepEqual(
        values.map((value) => Buffer.from(value ?? []).toString()),
        keys,
      );
    });

    test('is the same store for another machine', async () => {
      const key = newKey();
      await remote.put(key, Buffer.from('shared'));
      const other = await open(setting.url(server.port));
      assert.equal(Buffer.from((await other.get(key, LIMIT)) ?? []).toString(), 'shared');
      other.close();
    });

    test('says whether it holds a large value, if the protocol can ask', async () => {
      assert.equal(remote.holds !== undefined, /^(http|s3|azblob|redis)/.test(name));
      const key = newKey();
      assert.notEqual(await remote.holds?.(key, 3), true);
      await remote.put(key, Uint8Array.of(1, 2, 3));
      if (remote.holds) assert.equal(await remote.holds(key, 3), true);
      assert.notEqual(await remote.holds?.(key, 4), true);
    });

    test('removes a key, which need not be there', async () => {
      const key = newKey();
      await remote.put(key, Uint8Array.of(1, 2, 3));
      await remote.remove(key);
      assert.equal(await remote.get(key, LIMIT), undefined);
      await remote.remove(key);
    });

    test('never returns more than was asked for', async () => {
      const key = newKey();
      await remote.put(key, randomBytes(400_000));
      const other = await open(setting.url(server.port));
      const value = await other.get(key, 100_000).catch(() => undefined);
      assert.equal(value, undefined);
      other.close();
    });
  });
}

test('a wrong password, key or signature is a refusal or an error, not a miss', async () => {
  const [redis, nginx, s3] = [
    await startRedis('--requirepass', 'right'),
    await startNginx(),
    await startS3(),
  ];
  try {
    await assert.rejects(async () => {
      const remote = await open(`redis://:wrong@127.0.0.1:${redis.port}`);
      await remote.get(newKey(), LIMIT).finally(() => remote.close());
    });
    const closed = await open(`http://me:wrong@127.0.0.1:${nginx.port}/closed`);
    await assert.rejects(closed.get(newKey(), LIMIT), RefusedError);
    const url = `s3://bucket?endpoint=http://127.0.0.1:${s3.port}`;
    const unsigned = await open(url, { ...AWS, AWS_SECRET_ACCESS_KEY: 'wrong' });
    await assert.rejects(unsigned.get(newKey(), LIMIT), /SignatureDoesNotMatch/);
    const elsewhere = await open(`s3://nobucket?endpoint=http://127.0.0.1:${s3.port}`);
    await assert.rejects(elsewhere.get(newKey(), LIMIT), RefusedError);
  } finally {
    for (const server of [redis, nginx, s3]) await server.stop();
  }
});

test('an entry with a time to live that is read begins it anew, unless the store is only read', async (t) => {
  const [redis, memcached] = [await startRedis(), await startMemcached()];
  for (const { stop } of [redis, memcached]) t.after(stop);
  const left = {
    redis: async (name: string) => Number(await say(redis.port, [], ['TTL', name])),
    memcached: async (name: string) =>
      Number(/ t(\d+)/.exec(await sayText(memcached.port, `mg ${name} t\r\n`))?.[1]),
  };
  for (const [scheme, { port }] of Object.entries({ redis, memcached })) {
    const url = `${scheme}://127.0.0.1:${port}`;
    const key = newKey();
    const shortly = await open(`${url}?ttl=50`);
    // In memcached this takes two parts.
    await shortly.put(key, randomBytes(1_500_000));
    const leftOf = left[scheme === 'redis' ? 'redis' : 'memcached'];
    for (const [options, isRefreshed] of [
      ['ttl=5000&readonly=1', false],
      ['ttl=5000', true],
    ] as const) {
      const remote = await open(`${url}?${options}`);
      assert.equal((await remote.get(key, LIMIT))?.length, 1_500_000);
      // Its answer comes after that to what was not waited for.
      await remote.get(newKey(), LIMIT);
      assert.equal((await leftOf(`clcache/${key}`)) > 50, isRefreshed, `${scheme} ${options}`);
      remote.close();
    }
    shortly.close();
  }
});

for (const [scheme, start] of [
  ['redis', startRedis],
  ['memcached', startMemcached],
] as const) {
  test(`a ${scheme} entry with a time to live is gone after it`, async (t) => {
    const server = await start();
    t.after(() => server.stop());
    const remote = await open(`${scheme}://127.0.0.1:${server.port}?ttl=1`);
    const key = newKey();
    await remote.put(key, Buffer.from('for now'));
    assert.equal(Buffer.from((await remote.get(key, LIMIT)) ?? []).toString(), 'for now');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    assert.equal(await remote.get(key, LIMIT), undefined);
    remote.close();
  });
}

test('a value that is too large for memcached even in parts is refused, and the next value is not', async (t) => {
  const server = await startMemcached();
  t.after(() => server.stop());
  const remote = await open(`memcached://127.0.0.1:${server.port}`);
  const isAboutValue = (error: unknown) => error instanceof RefusedError && error.isAboutValue;
  await assert.rejects(remote.put(newKey(), Buffer.alloc(MEMCACHED_LIMIT + 1)), isAboutValue);
  const key = newKey();
  await remote.put(key, Buffer.from('small'));
  assert.ok(await remote.get(key, LIMIT));
  remote.close();
});

test('an entry in a shared folder is whole or missing', async () => {
  const [writer, reader] = [await open(pathToFileURL(folder).href), await open(pathToFileURL(folder).href)];
  const key = newKey();
  const values = [Buffer.alloc(3_000_000, 'a'), Buffer.alloc(2_000_000, 'b')] as const;
  let isDone = false;
  const writing = (async () => {
    for (let round = 0; round < 20; round += 1) await writer.put(key, values[round % 2 === 0 ? 0 : 1]);
    isDone = true;
  })();
  while (!isDone) {
    const value = await reader.get(key, LIMIT);
    assert.ok(value === undefined || values.some((each) => each.equals(value)), `${value?.length} bytes`);
  }
  await writing;
});

test('a full redis refuses and still answers', async () => {
  const server = await startRedis('--maxmemory', '2mb', '--maxmemory-policy', 'noeviction');
  const remote = await open(`redis://127.0.0.1:${server.port}`);
  try {
    await assert.rejects(async () => {
      for (let round = 0; round < 10; round += 1) await remote.put(newKey(), randomBytes(500_000));
    }, RefusedError);
    assert.equal(await remote.get(newKey(), LIMIT), undefined);
  } finally {
    remote.close();
    await server.stop();
  }
});

test('a database that redis does not have is an error, not another database', async (t) => {
  const server = await startRedis('--databases', '4');
  t.after(() => server.stop());
  await assert.rejects(open(`redis://127.0.0.1:${server.port}/99`), /out of range/);
  await assert.rejects(open(`redis://127.0.0.1:${server.port}/cache`), /not the number of a database/);
  const other = await open(`redis://127.0.0.1:${server.port}/3`);
  await other.put(newKey(), Buffer.from('value'));
  other.close();
});

test('a redis without a password accepts one', async (t) => {
  const server = await startRedis();
  t.after(() => server.stop());
  const remote = await open(`redis://:word@127.0.0.1:${server.port}`);
  assert.equal(await remote.get(newKey(), LIMIT), undefined);
  remote.close();
});

test('an http server that neither has nor makes a folder is reported, with advice', async (t) => {
  const server = await startNginx();
  t.after(() => server.stop());
  const remote = await open(`http://127.0.0.1:${server.port}/bare/cache`);
  await assert.rejects(
    remote.put(newKey(), Buffer.from('value')),
    /MKCOL of \/bare\/cache\/\S* was answered with 405.*create_full_put_path on/,
  );
  remote.close();
});
