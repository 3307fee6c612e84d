/** What only memcached servers do: divide keys, know one of two protocols, refuse a value. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Digest, digestOfBytes } from '../../../../src/hash/digest.ts';
import { artifactKeyName } from '../../../../src/storage/remote/remote.ts';
import { RemoteLevel } from '../../../../src/storage/remote/remote-level.ts';
import { packArtifact } from '../../../../src/storage/wire/artifact-body.ts';
import { sealEnvelope } from '../../../../src/storage/wire/envelope.ts';
import { bodyOf, guarded, KEY, LIMIT, OTHER } from '../../../helpers/guarded.ts';
import { freePort, startMemcached } from '../../../helpers/remote-servers.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const TARGETS = [{ role: 'object', path: '/a.obj' }] as const;

function level(t: TestContext, memcached: string): RemoteLevel {
  const cacheDirectory = temporaryFolder(t);
  const one = new RemoteLevel({
    memcached,
    cacheDirectory,
    environment: {},
    homeDirectory: cacheDirectory,
    style: 'posix',
    trace: () => {},
  });
  t.after(() => one.close());
  return one;
}

function artifact(name: string): { readonly key: Digest; readonly envelope: Uint8Array } {
  const key = digestOfBytes(Buffer.from(name));
  const body = packArtifact(key, [{ role: 'object', bytes: Buffer.from(name), splices: [] }]) ?? Buffer.of();
  return { key, envelope: sealEnvelope(artifactKeyName(key), body, {}) };
}

const ASKED = { targets: TARGETS, makeFolder: () => assert.fail('no artifact is large') };
const ARTIFACTS = Array.from({ length: 30 }, (_, number) => artifact(`object ${number}`));

async function found(store: RemoteLevel): Promise<number> {
  let count = 0;
  const use = async () => {
    count += 1;
    return true;
  };
  await Promise.all(ARTIFACTS.map(({ key }) => store.askForArtifact(key, ASKED, key, use)));
  return count;
}

test('several servers divide the keys, and one that dies loses only its own', async (t) => {
  const [first, second] = [await startMemcached(), await startMemcached()];
  t.after(() => Promise.all([first.stop(), second.stop()]));
  const both = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  const filled = level(t, both);
  for (const { key, envelope } of ARTIFACTS) await filled.putArtifact(key, envelope);
  assert.equal(await found(level(t, both)), ARTIFACTS.length);
  const share = await found(level(t, `127.0.0.1:${first.port}`));
  assert.ok(share > 5 && share < 25, `${share} of ${ARTIFACTS.length}`);
  await second.stop();
  const left = level(t, both);
  assert.equal(await found(left), share);
  assert.deepEqual(
    left.activities.map(({ hits, misses, errors }) => [hits, misses, errors]),
    [
      [share, 0, 0],
      [0, 0, 1],
    ],
  );
});

test('a value that is too large for the server is not stored, and the next one is', async (t) => {
  const server = await startMemcached('-I', '256k', '-o', 'slab_chunk_max=65536');
  t.after(() => server.stop());
  const remote = guarded(temporaryFolder(t), `memcached://127.0.0.1:${server.port}?x=1`);
  t.after(() => remote.close());
  assert.equal(await remote.put(KEY, randomBytes(700_000)), false);
  assert.equal(await remote.put(`v1/o/${'2'.repeat(40)}`, randomBytes(3_000_000)), false);
  assert.equal(await remote.put(OTHER, sealEnvelope(OTHER, Buffer.from('small'), {})), true);
  assert.equal(bodyOf(await remote.get(OTHER, LIMIT)), 'small');
  const { errors, timeouts, notSent } = remote.activity;
  assert.deepEqual([errors, timeouts, notSent, remote.lacks(KEY)], [0, 0, 2, true]);
});

test('a server with only the text protocol works like others', async (t) => {
  const server = await startMemcached('-B', 'ascii');
  t.after(() => server.stop());
  const remote = guarded(temporaryFolder(t), `memcached://127.0.0.1:${server.port}?x=1`);
  t.after(() => remote.close());
  const envelope = sealEnvelope(KEY, randomBytes(1_500_000), {});
  assert.equal(await remote.put(KEY, envelope), true);
  assert.equal((await remote.get(KEY, 2 * LIMIT)).kind, 'found');
});

test('the binary protocol sends user and password before anything else', async (t) => {
  const server = await startSaslServer(t, '\0me\0word');
  const url = (userInfo: string) => `memcached://${userInfo}@127.0.0.1:${server}?x=1`;
  const remote = guarded(temporaryFolder(t), url('me:word'));
  t.after(() => remote.close());
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'none');
  assert.equal(await remote.put(KEY, sealEnvelope(KEY, randomBytes(1_500_000), {})), true);
  assert.equal((await remote.get(KEY, 2 * LIMIT)).kind, 'found');
  const lines: string[] = [];
  const stranger = guarded(temporaryFolder(t), url('me:guess'), { lines });
  assert.equal((await stranger.get(KEY, LIMIT)).kind, 'unanswered');
  assert.match(lines.join('\n'), /SASL was answered with status 0x20/);
});

test('in the binary protocol, too, what is read lives on', async (t) => {
  const touched: (readonly [string, number])[] = [];
  const server = await startSaslServer(t, '\0me\0word', touched);
  const url = (option: string) => `memcached://me:word@127.0.0.1:${server}?ttl=50&${option}`;
  for (const [option, expected] of [
    ['readonly=1', []],
    ['timeout=5', [[`clcache/${KEY}`, 50]]],
  ] as const) {
    const writer = guarded(temporaryFolder(t), url('timeout=5'));
    await writer.put(KEY, sealEnvelope(KEY, Buffer.from('an object'), {}));
    const reader = guarded(temporaryFolder(t), url(option));
    assert.equal(bodyOf(await reader.get(KEY, LIMIT)), 'an object');
    // Its answer comes after that to what was not waited for.
    assert.equal((await reader.get(OTHER, LIMIT)).kind, 'none');
    assert.deepEqual(touched, expected);
    for (const one of [writer, reader]) one.close();
  }
});

test('a prefix that no key may have is reported', async (t) => {
  const lines: string[] = [];
  const place = `memcached://127.0.0.1:${await freePort()}`;
  const remote = guarded(temporaryFolder(t), `${place}?prefix=a%20b`, { lines });
  assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
  assert.match(lines.join('\n'), /its prefix has a blank/);
});

/** As memcached with `-S`: a map of values for clients with the right credentials. */
async function startSaslServer(
  t: TestContext,
  credentials: string,
  touched: (readonly [key: string, expires: number])[] = [],
): Promise<number> {
  const values = new Map<string, Buffer>();
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    let isLetIn = false;
    const answer = (opcode: number, status: number, value: Uint8Array = Buffer.alloc(0)) => {
      const extras = Buffer.alloc(opcode === 0 && status === 0 ? 4 : 0);
      const head = Buffer.alloc(24);
      head.writeUInt8(0x81, 0);
      head.writeUInt8(opcode, 1);
      head.writeUInt8(extras.length, 4);
      head.writeUInt16BE(status, 6);
      head.writeUInt32BE(extras.length + value.length, 8);
      socket.write(Buffer.concat([head, extras, value]));
    };
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 24 && received.length >= 24 + received.readUInt32BE(8)) {
        const [opcode, keyLength, extras] = [
          received.readUInt8(1),
          received.readUInt16BE(2),
          received.readUInt8(4),
        ];
        const body = received.subarray(24, 24 + received.readUInt32BE(8));
        received = received.subarray(24 + body.length);
        const key = body.toString('latin1', extras, extras + keyLength);
        const value = Buffer.from(body.subarray(extras + keyLength));
        if (opcode === 0x21) {
          isLetIn = key === 'PLAIN' && value.toString('latin1') === credentials;
          answer(opcode, isLetIn ? 0 : 0x20);
        } else if (!isLetIn) answer(opcode, 0x20);
        else if (opcode === 1) {
          values.set(key, value);
          answer(opcode, 0);
        } else if (opcode === 0x1c) {
          touched.push([key, body.readUInt32BE(0)]);
          answer(opcode, values.has(key) ? 0 : 1);
        } else answer(opcode, values.has(key) ? 0 : 1, values.get(key) ?? Buffer.from('Not found'));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
