import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { hashClient } from '../../src/hash/client.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { type Place, place, startFakeServer } from '../helpers/hash-sockets.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for the pipe';
const SOURCE = { path: '/src/a.c', digest: digestOfBytes(Buffer.from('source')) };
const HEADERS = [
  { path: '/src/a.h', signature: '1' },
  { path: '/src/b.h', signature: '2' },
];
const DIGESTS = [digestOfBytes(Buffer.from('a')), digestOfBytes(Buffer.from('b'))];
const RIGHT = `${[SOURCE.digest, ...DIGESTS].join('\n')}\0`;

/** What a client gets that asks twice, and what it noted. */
async function askTwice({ address }: Pick<Place, 'address'>, timeoutMs = 50) {
  const notes: string[] = [];
  const client = hashClient(address, timeoutMs, (line) => notes.push(line));
  const started = performance.now();
  const first = await client.ask(HEADERS, SOURCE);
  const milliseconds = performance.now() - started;
  return { first, second: await client.ask(HEADERS, SOURCE), notes, milliseconds };
}

async function served(t: TestContext, answer: (socket: Socket, request: string) => void, timeoutMs = 10_000) {
  const where = place(t);
  const server = await startFakeServer(t, where, answer);
  const result = await askTwice(where, timeoutMs);
  return { ...result, asked: server.asked() };
}

test('the client sends the source, then the headers with their signatures, and gets their hashes', {
  skip,
}, async (t) => {
  const requests: string[] = [];
  const { first, second } = await served(t, (socket, request) => {
    requests.push(request);
    socket.end(RIGHT);
  });
  assert.deepEqual(first, DIGESTS);
  assert.deepEqual(second, DIGESTS);
  assert.equal(requests[0], '/src/a.c\n/src/a.h\t1\n/src/b.h\t2\0');
});

test('an answer in pieces is read as one', { skip }, async (t) => {
  const { first } = await served(t, (socket) => {
    socket.write(RIGHT.slice(0, 50), () => setImmediate(() => socket.end(RIGHT.slice(50))));
  });
  assert.deepEqual(first, DIGESTS);
});

const BAD: Readonly<Record<string, (socket: Socket) => void>> = {
  'gives too few hashes': (socket) => socket.end(`${[SOURCE.digest, DIGESTS[0]].join('\n')}\0`),
  'gives too many hashes': (socket) => socket.end(RIGHT.replace('\0', `\n${DIGESTS[0]}\0`)),
  'gives hashes of another kind': (socket) => socket.end(RIGHT.replaceAll(/[0-9a-f]{8}(?=\n|\0)/g, '')),
  'hashes in another way': (socket) =>
    socket.end(RIGHT.replaceAll(/^./gm, (digit) => (digit === '0' ? '1' : '0'))),
  'answers with an error': (socket) => socket.end('!no such file\0'),
  'ends half-way': (socket) => socket.end(RIGHT.slice(0, 70)),
  'ends without an answer': (socket) => socket.end(),
  'breaks the connection': (socket) => socket.destroy(),
  'sends without an end': (socket) => {
    const more = () => socket.destroyed || socket.write('0'.repeat(100_000), more);
    more();
  },
};
for (const [what, answer] of Object.entries(BAD)) {
  test(`an answer of a server that ${what} is not used, and the server is not asked again`, {
    skip,
  }, async (t) => {
    const { first, second, asked, notes } = await served(t, answer);
    assert.deepEqual([first, second], [undefined, undefined]);
    assert.equal(asked, 1);
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /^hash server not used: ./);
  });
}

test('a server that is silent is waited for at most 50 ms, and not asked again', { skip }, async (t) => {
  const where = place(t);
  const server = await startFakeServer(t, where, () => {});
  const { first, second, milliseconds, notes } = await askTwice(where);
  assert.deepEqual([first, second], [undefined, undefined]);
  // Under load the time may be over before the server has read what it was asked.
  assert.ok(server.asked() <= 1);
  assert.ok(milliseconds >= 49, `${milliseconds} ms`);
  assert.deepEqual(notes, ['hash server not used: no answer within 50 ms']);
});

test('a client without a server, or with a socket that nobody listens at, gets no answer', {
  skip,
}, async (t) => {
  const where = place(t);
  assert.equal((await askTwice(where)).first, undefined);
  const { stop } = await startFakeServer(t, where, () => {});
  stop();
  assert.equal((await askTwice(where)).first, undefined);
});

test('a server in a folder that others may enter is not asked', { skip }, async (t) => {
  const where = place(t);
  const server = await startFakeServer(t, where, (socket) => socket.end(RIGHT));
  chmodSync(where.folder, 0o755);
  const { first, notes } = await askTwice(where);
  assert.equal(first, undefined);
  assert.match(notes[0] ?? '', /only you may enter/);
  assert.equal(server.asked(), 0);
});

test('an address that is too long for a socket is not cut', { skip }, async (t) => {
  const { first, notes } = await askTwice({ address: `${place(t).folder}/${'x'.repeat(100)}` });
  assert.equal(first, undefined);
  assert.match(notes[0] ?? '', /too long for a socket/);
});
