/** Servers with answers that do not fit the question. None may fail a call, or pass for an entry. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sealEnvelope } from '../../../src/storage/wire/envelope.ts';
import { type Dialect, HTTP, MEMCACHED, REDIS, startFake } from '../../helpers/fake-server.ts';
import { guarded, KEY, LIMIT, OTHER } from '../../helpers/guarded.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const ENTRY = sealEnvelope(KEY, Buffer.from('an object'), {});
const NAME = `clcache/${KEY}`;
const HTML = '<html>Welcome</html>';

type Answer = string | Uint8Array;

interface Case {
  readonly dialect: Dialect;
  readonly url: (port: number) => string;
  /** Answers to a read after which the store is left out. */
  readonly wrong: Readonly<Record<string, Answer>>;
  /** Answers to a read with bytes that do not verify. Only this entry is refused. */
  readonly rejected: Readonly<Record<string, Answer>>;
  /** Answers to a write after which the store has not taken the value. */
  readonly notTaken: Readonly<Record<string, Answer>>;
}

function http(status: string, body: Answer = '', header = ''): Uint8Array {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${bytes.length}\r\n${header}\r\n`),
    bytes,
  ]);
}

const SEEN_BY_HTTP = {
  wrong: {
    'part of it': http('206 Partial Content', ENTRY, `Content-Range: bytes 0-9/${ENTRY.length}\r\n`),
    'not modified': http('304 Not Modified'),
    'no content': http('204 No Content'),
    'another place': http('301 Moved Permanently', '', 'Location: http://127.0.0.1:1/\r\n'),
    'a login page': http('401 Unauthorized', HTML, 'WWW-Authenticate: Basic realm="x"\r\n'),
    'too many requests': http('429 Too Many Requests', 'slow down'),
    'a broken gateway': http('502 Bad Gateway', HTML),
    'another protocol': '220 mail.example ESMTP\r\n',
    'less than it says': 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\nshort',
    'a header without end': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`,
    'a length below zero': 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabcde',
    'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'broken chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  },
  rejected: {
    'a page of a portal': http('200 OK', HTML, 'Content-Type: text/html\r\n'),
    nothing: http('200 OK'),
    'an entry compressed on the way': http('200 OK', gzipSync(ENTRY), 'Content-Encoding: gzip\r\n'),
    'a page that says to be compressed': http('200 OK', HTML, 'Content-Encoding: gzip\r\n'),
  },
};

const CASES: Readonly<Record<string, Case>> = {
  redis: {
    dialect: REDIS,
    url: (port) => `redis://127.0.0.1:${port}?x=1`,
    wrong: {
      'a number': ':1\r\n',
      'an empty list': '*0\r\n',
      'a list': '*2\r\n$1\r\na\r\n$1\r\nb\r\n',
      'an error': '-ERR unknown command\r\n',
      'another server of a cluster': '-MOVED 3999 127.0.0.1:6381\r\n',
      'lists in lists': '*1\r\n'.repeat(100_000),
      'a list of billions': '*4000000000\r\n:1\r\n',
      'more answers than questions': '$-1\r\n'.repeat(1000),
      'a string of no length': '$-7\r\n',
      'a message to subscribers': '>2\r\n+message\r\n+x\r\n',
      'a line without end': `+${'x'.repeat(40_000)}`,
      'a type of a later protocol': '%1\r\n+a\r\n:1\r\n',
      'another protocol': 'HTTP/1.1 400 Bad Request\r\n\r\n',
    },
    rejected: { 'a word': '+OK\r\n', nothing: '$0\r\n\r\n' },
    notTaken: { 'a number': ':1\r\n', nothing: '$-1\r\n', 'another word': '+QUEUED\r\n', 'a list': '*0\r\n' },
  },
  memcached: {
    dialect: MEMCACHED,
    url: (port) => `memcached://127.0.0.1:${port}?x=1`,
    wrong: {
      'an error': 'ERROR\r\n',
      'an error of its own': 'SERVER_ERROR out of memory writing get response\r\n',
      'the value of another key': 'VALUE other 0 1\r\na\r\nEND\r\n',
      'a value of no length': `VALUE ${NAME} 0 -1\r\n\r\nEND\r\n`,
      'a value longer than it says': `VALUE ${NAME} 0 3\r\nabcdef\r\nEND\r\n`,
      'two values': `VALUE ${NAME} 0 1\r\na\r\nVALUE ${NAME} 0 1\r\na\r\nEND\r\n`,
      'the answer to a write': 'STORED\r\n',
      'another protocol': 'HTTP/1.1 400 Bad Request\r\n\r\n',
      'a line without end': 'x'.repeat(10_000),
    },
    rejected: { 'a value of others': `VALUE ${NAME} 32 3\r\nabc\r\nEND\r\n` },
    notTaken: { 'the answer to a read': 'END\r\n', 'not stored': 'NOT_STORED\r\n', 'an error': 'ERROR\r\n' },
  },
  http: {
    dialect: HTTP,
    url: (port) => `http://127.0.0.1:${port}/cache?x=1`,
    ...SEEN_BY_HTTP,
    notTaken: {
      'another place': http('307 Temporary Redirect', '', 'Location: http://127.0.0.1:1/\r\n'),
      'a login page': http('403 Forbidden', HTML),
      'not modified': http('304 Not Modified'),
    },
  },
  s3: {
    dialect: HTTP,
    url: (port) => `s3://bucket?endpoint=http://127.0.0.1:${port}&x=1`,
    wrong: {
      ...SEEN_BY_HTTP.wrong,
      'no such bucket': http('404 Not Found', '<Error><Code>NoSuchBucket</Code></Error>'),
      'a wrong key': http('403 Forbidden', '<Error><Code>InvalidAccessKeyId</Code></Error>'),
    },
    rejected: {
      ...SEEN_BY_HTTP.rejected,
      'an error that says to be none': http('200 OK', '<Error><Code>InternalError</Code></Error>'),
    },
    notTaken: {
      'an error that says to be none': http('200 OK', '<Error><Code>InternalError</Code></Error>'),
      'slow down': http('503 Slow Down', '<Error><Code>SlowDown</Code></Error>'),
    },
  },
};

async function fakeThatSays(t: { after(stop: () => Promise<void>): void }, dialect: Dialect, answer: Answer) {
  const server = await startFake(dialect, (socket) => {
    socket.write(answer);
    // An answer that announces a close is followed by one.
    if (Buffer.from(answer).includes('Connection: close')) socket.end();
  });
  t.after(server.stop);
  return server;
}

for (const [protocol, { dialect, url, wrong, rejected, notTaken }] of Object.entries(CASES)) {
  describe(`a ${protocol} store that`, () => {
    for (const [what, answer] of Object.entries(wrong)) {
      test(`answers a read with ${what} is left out, and says why`, async (t) => {
        const server = await fakeThatSays(t, dialect, answer);
        const lines: string[] = [];
        const remote = guarded(temporaryFolder(t), url(server.port), { lines });
        const found = await Promise.all([remote.get(KEY, LIMIT), remote.get(KEY, LIMIT)]);
        assert.deepEqual(found, [{ kind: 'unanswered' }, { kind: 'unanswered' }]);
        const { errors, timeouts } = remote.activity;
        assert.deepEqual([remote.canRead, remote.canWrite, errors + timeouts], [false, false, 1]);
        assert.match(lines.join('\n'), /failed to get/);
      });
    }

    for (const [what, answer] of Object.entries(rejected)) {
      test(`answers a read with ${what} has no such entry, and is asked for others`, async (t) => {
        const server = await fakeThatSays(t, dialect, answer);
        const remote = guarded(temporaryFolder(t), url(server.port));
        assert.equal((await remote.get(KEY, LIMIT)).kind, 'rejected');
        assert.deepEqual([remote.canRead, remote.activity.rejected, remote.activity.errors], [true, 1, 0]);
        remote.close();
      });
    }

    for (const [what, answer] of Object.entries(notTaken)) {
      test(`answers a write with ${what} has not taken the value`, async (t) => {
        const server = await fakeThatSays(t, dialect, answer);
        const remote = guarded(temporaryFolder(t), url(server.port));
        assert.equal(await remote.put(OTHER, Buffer.from('value')), false);
        assert.deepEqual(
          [remote.lacks(OTHER), remote.canWrite, remote.activity.errors, remote.activity.bytesSent],
          [true, false, 1, 0],
        );
        remote.close();
      });
    }
  });
}
