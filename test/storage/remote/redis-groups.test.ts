/** Sentinels and clusters of Redis whose answers do not fit the question. None may fail a call. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAddresses } from '../../../src/storage/remote/address.ts';
import { loadRemote } from '../../../src/storage/remote/open-remote.ts';
import { sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { type FakeServer, REDIS, startFake } from '../../helpers/fake-server.ts';
import { bodyOf, guarded, KEY, LIMIT } from '../../helpers/guarded.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const COMMANDS = { ...REDIS, isRequest: (received: Buffer) => received.toString('latin1').endsWith('\r\n') };
const ENTRY = sealEnvelope(KEY, Buffer.from('an object'), {});
const VALUE = `$${ENTRY.length}\r\n${Buffer.from(ENTRY).toString('latin1')}\r\n`;

type Test = { after(stop: () => unknown): void };

/** A server with an answer to each command, in capitals. */
async function fake(
  t: Test,
  answerTo: (command: string, server: { port: number }) => string,
): Promise<FakeServer> {
  const itself = { port: 0 };
  const server = await startFake(COMMANDS, (socket, request) => {
    const [, command = ''] = /^\*\d+\r\n\$\d+\r\n(\w+)\r\n/.exec(request.toString('latin1')) ?? [];
    socket.write(Buffer.from(answerTo(command.toUpperCase(), itself), 'latin1'));
  });
  t.after(server.stop);
  itself.port = server.port;
  return server;
}

function words(...parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join('')}`;
}

function slots(port: number | string, last = 16_383): string {
  return `*1\r\n*3\r\n:0\r\n:${last}\r\n*3\r\n$9\r\n127.0.0.1\r\n:${port}\r\n$2\r\nid\r\n`;
}

const NO_LISTS_OF_SLOTS: Readonly<Record<string, string>> = {
  nothing: '*-1\r\n',
  'an empty list': '*0\r\n',
  'a number': ':1\r\n',
  'a word': '+OK\r\n',
  'an error': '-ERR This instance has cluster support disabled\r\n',
  'lists in lists': '*1\r\n'.repeat(100_000),
  'a list of billions': '*4000000000\r\n:1\r\n',
  'a list of numbers': '*2\r\n:1\r\n:2\r\n',
  'a range without servers': '*1\r\n*2\r\n:0\r\n:16383\r\n',
  'a slot that is none': slots(1, 1_000_000_000),
  'a port that is none': slots(70_000),
  'some of the slots': slots(1, 5),
  'another protocol': 'HTTP/1.1 400 Bad Request\r\n\r\n',
};

describe('a server of a cluster that', () => {
  for (const [what, answer] of Object.entries(NO_LISTS_OF_SLOTS)) {
    test(`answers the question for slots with ${what} is left out, and says why`, async (t) => {
      const server = await fake(t, () => answer);
      const lines: string[] = [];
      const remote = guarded(temporaryFolder(t), `redis-cluster://127.0.0.1:${server.port}?x=1`, { lines });
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      assert.match(lines.join('\n'), /failed to get/);
    });
  }

  test('sends each question on for ever is left out', async (t) => {
    const server = await fake(t, (command, { port }) =>
      command === 'CLUSTER' ? slots(port) : `-MOVED 1 127.0.0.1:${port}\r\n`,
    );
    const remote = guarded(temporaryFolder(t), `redis-cluster://127.0.0.1:${server.port}?x=1`);
    assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
    assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
  });

  test('does not know its own name is asked where it was found', async (t) => {
    const server = await fake(t, (command, { port }) =>
      command === 'CLUSTER' ? slots(port).replace('$9\r\n127.0.0.1', '$-1') : VALUE,
    );
    const remote = guarded(temporaryFolder(t), `redis-cluster://127.0.0.1:${server.port}?x=1`);
    assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'an object');
    remote.close();
  });
});

const NO_MASTERS: Readonly<Record<string, readonly [answer: string, said: RegExp]>> = {
  nothing: ['*-1\r\n', /knows no master named mine/],
  'a number': [':1\r\n', /no host and port/],
  'a host alone': [words('127.0.0.1'), /no host and port/],
  'a port that is none': [words('127.0.0.1', '99999'), /no host and port/],
  'a list of billions': ['*4000000000\r\n:1\r\n', /too deep or too long/],
  'lists in lists': ['*1\r\n'.repeat(1000), /too deep or too long/],
  'an error': ['-NOAUTH Authentication required.\r\n', /NOAUTH/],
  'a server that is not there': [words('127.0.0.1', '1'), /ECONNREFUSED/],
};

describe('a sentinel that', () => {
  for (const [what, [answer, said]] of Object.entries(NO_MASTERS)) {
    test(`names ${what} as master is left out, and says why`, async (t) => {
      const server = await fake(t, () => answer);
      const lines: string[] = [];
      const url = `redis-sentinel://127.0.0.1:${server.port}/mine?x=1`;
      const remote = guarded(temporaryFolder(t), url, { lines });
      assert.equal((await remote.get(KEY, LIMIT)).kind, 'unanswered');
      assert.deepEqual([remote.canRead, remote.activity.errors], [false, 1]);
      assert.match(lines.join('\n'), said);
    });
  }

  test('names a replica is not believed, and the next sentinel is asked', async (t) => {
    const server = (role: string) =>
      fake(t, (command) => (command === 'ROLE' ? words(role) : VALUE)).then(({ port }) => String(port));
    const [replica, master] = [await server('slave'), await server('master')];
    const [late, current] = await Promise.all(
      [replica, master].map((port) => fake(t, () => words('127.0.0.1', port))),
    );
    const url = `redis-sentinel://127.0.0.1:${late?.port},127.0.0.1:${current?.port}/mine?x=1`;
    const remote = guarded(temporaryFolder(t), url);
    assert.equal(bodyOf(await remote.get(KEY, LIMIT)), 'an object');
    remote.close();
  });
});

test('a Unix socket on Windows is refused, with what to name in its place', async () => {
  const [address] = readAddresses({ remote: 'redis+unix:///run/redis.sock' }).stores.flat();
  assert.ok(address);
  const connect = await loadRemote(address, { environment: {}, homeDirectory: '/', style: 'win32' });
  await assert.rejects(async () => connect(() => {}), /not used on Windows: name host and port in a redis:/);
});
