import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { signatureOf } from '../../src/files/signature.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { HashCache } from '../../src/server/hash-cache.ts';
import { type HashServerOptions, startHashServer } from '../../src/server/hash-server.ts';
import { noWatch } from '../../src/server/watch.ts';
import { place, say } from '../helpers/hash-sockets.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for the pipe';

async function setUp(t: TestContext, options: Partial<HashServerOptions> = {}) {
  const where = place(t);
  const cache = new HashCache({ isExcluded: () => false, watch: noWatch });
  const server = await startHashServer({ address: where.address, cache, idleTimeoutMs: 0, ...options });
  t.after(server.close);
  const folder = temporaryFolder(t);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { ...where, server, write };
}

const of = (text: string) => digestOfBytes(Buffer.from(text));

test('hashes come back in the order of the paths, and the connection ends', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const paths = [write('a.h', 'one'), write('b.h', 'two'), write('a.h', 'one')];
  assert.equal(await say(address, `${paths.join('\n')}\0`), `${of('one')}\n${of('two')}\n${of('one')}\0`);
});

test('a request in pieces is one request', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const request = Buffer.from(`${write('ü.h', 'one')}\0`);
  const socket = connect(address);
  for (const byte of request) {
    socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [answer] = await once(socket, 'data');
  assert.equal(String(answer), `${of('one')}\0`);
});

test('an error follows an exclamation mark, and the server goes on', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const path = write('a.h', 'one');
  const other = signatureOf(statSync(write('b.h', 'other')));
  for (const request of [`${path}\n${path}.none`, 'a.h', '', `${path}\t${other}`, `${path}\n`]) {
    assert.match(await say(address, `${request}\0`), /^![^\0]+\0$/, request);
  }
  assert.equal(await say(address, `${path}\t${signatureOf(statSync(path))}\0`), `${of('one')}\0`);
});

test('a request that does not end is refused before it fills the memory', { skip }, async (t) => {
  const { address } = await setUp(t);
  assert.match(await say(address, Buffer.alloc(5 * 1024 * 1024, '/')), /^!.*too long/);
  assert.match(await say(address, `${'/a\n'.repeat(20_001)}\0`), /^!.*too long/);
});

test('a client that stalls does not delay others, and is dropped', { skip }, async (t) => {
  const { address, write } = await setUp(t, { stalledMs: 300 });
  const stalled = connect(address);
  stalled.on('error', () => {});
  stalled.write('/half a pa');
  const dropped = once(stalled, 'close');
  stalled.resume();
  assert.equal(await say(address, `${write('a.h', 'one')}\0`), `${of('one')}\0`);
  await dropped;
});

test('a client that hangs up does not disturb the server', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const path = write('a.h', 'one');
  for (let time = 0; time < 20; time++) {
    const socket = connect(address);
    socket.on('error', () => {});
    socket.write(`${`${path}\n`.repeat(2000)}${path}\0`, () => socket.destroy());
    await once(socket, 'close');
  }
  assert.equal(await say(address, `${path}\0`), `${of('one')}\0`);
});

test('many clients at once are all answered', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const paths = Array.from({ length: 50 }, (_, index) => write(`${index}.h`, String(index)));
  const answers = await Promise.all(paths.map((path) => say(address, `${path}\n${path}\0`)));
  assert.deepEqual(
    answers,
    paths.map((_, index) => `${of(String(index))}\n${of(String(index))}\0`),
  );
});

test('the socket belongs to its user alone, and is removed with the server', { skip }, async (t) => {
  const { address, folder, server } = await setUp(t);
  assert.equal(statSync(address).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  server.close();
  await server.ended;
  assert.ok(!existsSync(address));
});

test('a second server at the same address does not start, and the first goes on', { skip }, async (t) => {
  const { address, write } = await setUp(t);
  const cache = new HashCache({ isExcluded: () => false, watch: noWatch });
  await assert.rejects(startHashServer({ address, cache, idleTimeoutMs: 0 }), /a hash server runs already/);
  assert.equal(await say(address, `${write('a.h', 'one')}\0`), `${of('one')}\0`);
});

test('one of several servers that start at once after a killed one serves', { skip }, async (t) => {
  const { address, folder } = place(t);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(address, '');
  const starts = Array.from({ length: 5 }, () => {
    const cache = new HashCache({ isExcluded: () => false, watch: noWatch });
    return startHashServer({ address, cache, idleTimeoutMs: 0 });
  });
  const results = await Promise.allSettled(starts);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  t.after(() => {
    for (const server of started) server.close();
  });
  assert.equal(started.length, 1);
  assert.match(await say(address, 'a\0'), /^!/);
});

test('a folder that others may enter is refused', { skip }, async (t) => {
  const { address, folder } = place(t);
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  const cache = new HashCache({ isExcluded: () => false, watch: noWatch });
  await assert.rejects(startHashServer({ address, cache, idleTimeoutMs: 0 }), /only you may enter/);
});

test('the server ends after the idle time, and not before', { skip }, async (t) => {
  const { address, server, write } = await setUp(t, { idleTimeoutMs: 2000 });
  const path = write('a.h', 'one');
  const started = performance.now();
  for (let time = 0; time < 5; time++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await say(address, `${path}\0`), `${of('one')}\0`);
  }
  await server.ended;
  assert.ok(performance.now() - started > 5 * 500 + 1900);
});
