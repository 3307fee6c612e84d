/** What the rest of clcache expects of its runtime. Both runtimes must pass it. */

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Codec, gzip, zstd } from '../../src/runtime/codecs.ts';
import { connectAndSend } from '../../src/runtime/connection.ts';
import { endWithWholeStatus } from '../../src/runtime/exit-status.ts';
import { newHasher } from '../../src/runtime/hasher.ts';
import { randomDigits } from '../../src/runtime/random.ts';
import { type RuntimeChild, spawnChild } from '../../src/runtime/spawn.ts';

/** By title: what is checked. */
export const CONTRACT: Readonly<Record<string, () => void | Promise<void>>> = {
  'a hash of text and of bytes in pieces is the SHA-256 of all of them'() {
    const hasher = newHasher();
    hasher.update('a');
    hasher.update(Buffer.from('bc'));
    // The example of FIPS 180-2, appendix B.1.
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(hasher.digest('hex'), expected);
  },

  'random digits are 16 hexadecimal ones, and differ'() {
    assert.match(randomDigits(), /^[0-9a-f]{16}$/);
    assert.notEqual(randomDigits(), randomDigits());
  },

  'gzip gives back what it compressed, and others can read it'() {
    isCodec(gzip());
    assert.deepEqual(gunzipSync(gzip().compress(TEXT, undefined)), TEXT);
  },

  'zstd, where there is one, gives back what it compressed'() {
    const codec = zstd();
    if (codec) isCodec(codec);
  },

  async 'a request over a socket is received whole, and the answer comes in pieces until the other side hangs up'() {
    await withFolder(async (folder) => {
      const address =
        process.platform === 'win32' ? `\\\\.\\pipe\\${randomDigits()}` : join(folder, 'socket');
      const large = Buffer.alloc(300_000, 'request');
      const heard: Buffer[] = [];
      const server = createServer((socket) => {
        socket.on('data', (bytes) => {
          heard.push(Buffer.from(bytes));
          if (Buffer.concat(heard).length === large.length) socket.end('the answer');
        });
      });
      await new Promise<void>((resolve) => server.listen(address, resolve));
      const answer = await answerTo(address, large);
      server.close();
      assert.ok(Buffer.concat(heard).equals(large));
      assert.equal(answer, 'the answer');
    });
  },

  async 'a socket that nobody listens on ends with a reason'() {
    await withFolder(async (folder) => {
      const because = await new Promise<string>((resolve) => {
        const listener = { received: () => resolve('an answer'), ended: resolve };
        connectAndSend(join(folder, 'nobody'), Buffer.from('x'), listener);
      });
      assert.match(because, /ENOENT|[Ff]ailed|no such file/i);
    });
  },

  async 'a status that the system can report is the status to end with'() {
    for (const status of [0, 1, 42, 255]) assert.equal(await endWithWholeStatus(status), status);
  },

  async 'a program that is started reports its status, its signal and its folder'() {
    if (!spawnChild || process.platform === 'win32') return;
    const call = (script: string, env: Record<string, string> = {}) =>
      started(['/bin/sh', '-c', script], { PATH: '/usr/bin:/bin', ...env });
    assert.equal((await call('exit 42')).exitCode, 42);
    assert.equal((await call('exit $STATUS', { STATUS: '7' })).exitCode, 7);
    assert.equal((await call('test "$PWD" = /; exit $?')).exitCode, 0);
    const killed = await call('kill -TERM $$');
    assert.deepEqual([killed.exitCode, killed.signalCode], [null, 'SIGTERM']);
  },

  async 'a script that names no interpreter is run by the shell, and a missing program is an error'() {
    if (!spawnChild || process.platform === 'win32') return;
    await withFolder(async (folder) => {
      const script = join(folder, 'script');
      writeFileSync(script, 'exit 5\n');
      chmodSync(script, 0o755);
      assert.equal((await started([script])).exitCode, 5);
      await assert.rejects(() => started([join(folder, 'missing')]));
    });
  },
};

const TEXT = Buffer.from('the same words and the same words again, '.repeat(1000));

function isCodec({ compress, decompress }: Codec): void {
  for (const level of [undefined, 0, 1, 9, 99]) {
    const packed = compress(TEXT, level);
    assert.ok(packed.length < TEXT.length / 10, `level ${level}`);
    assert.ok(Buffer.from(decompress(packed, TEXT.length)).equals(TEXT), `level ${level}`);
  }
  const packed = compress(TEXT, undefined);
  assert.throws(() => decompress(packed, TEXT.length - 1), 'more than allowed');
  assert.throws(() => decompress(Buffer.from('not packed at all'), 1000));
}

function answerTo(address: string, request: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    connectAndSend(address, request, {
      received: (bytes) => void chunks.push(Buffer.from(bytes)),
      ended: () => resolve(Buffer.concat(chunks).toString()),
    });
  });
}

/** A program that has ended. */
async function started(words: readonly string[], env: Record<string, string> = {}): Promise<RuntimeChild> {
  const options = { cwd: '/', env, stdio: ['ignore', 'ignore', 'ignore'], windowsHide: true } as const;
  const child = spawnChild?.(words, options) ?? assert.fail('this runtime starts no programs');
  await child.exited;
  return child;
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-runtime-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
