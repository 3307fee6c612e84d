import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { signatureOf } from '../../src/files/signature.ts';
import { digestOfBytes } from '../../src/hash/digest.ts';
import { HashCache, type HashCacheOptions } from '../../src/server/hash-cache.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Records what is watched. */
function watching() {
  const watched = new Set<string>();
  const watch = {
    add: (path: string) => void watched.add(path),
    remove: (path: string) => void watched.delete(path),
    close: async () => {},
  };
  return { watched, watch };
}

function setUp(t: TestContext, options: Partial<HashCacheOptions> = {}) {
  const folder = temporaryFolder(t);
  const { watched, watch } = watching();
  const cache = new HashCache({ isExcluded: () => false, watch, ...options });
  return { folder, cache, watched, at: (name: string) => join(folder, name) };
}

/**
 * Makes the files that are there old, until the clock is right again. The kernel sets their change times, so it is the
 * clock that is put forward.
 */
function settle(t: TestContext): { readonly rightTheClock: () => void } {
  const now = Date.now() + 10_000;
  const { mock } = t.mock.method(Date, 'now', () => now);
  return { rightTheClock: () => mock.restore() };
}

const of = (text: string) => digestOfBytes(Buffer.from(text));

test('an unchanged file is remembered and watched, and every change of it is noticed at once', (t) => {
  const { cache, watched, at } = setUp(t);
  const changes: Readonly<Record<string, (path: string) => void>> = {
    'same size': (path) => writeFileSync(path, 'two'),
    'same size and time': (path) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(path, 'two');
      utimesSync(path, atime, mtime);
    },
    'another file in its place': (path) => {
      writeFileSync(`${path}.new`, 'two');
      renameSync(`${path}.new`, path);
    },
  };
  for (const name of Object.keys(changes)) writeFileSync(at(name), 'one');
  for (const [name, change] of Object.entries(changes)) {
    const { rightTheClock } = settle(t);
    assert.equal(cache.digest(at(name)), of('one'));
    assert.ok(watched.has(at(name)));
    rightTheClock();
    change(at(name));
    assert.equal(cache.digest(at(name)), of('two'), name);
    assert.ok(!watched.has(at(name)), 'it is young again');
  }
  assert.equal(cache.size, 0);
});

test('a file that changed less than two seconds ago is hashed and not remembered', (t) => {
  const { cache, at, watched } = setUp(t);
  writeFileSync(at('young.h'), 'one');
  assert.equal(cache.digest(at('young.h')), of('one'));
  assert.deepEqual([cache.size, watched.size], [0, 0]);
});

test('a hash is returned only for the file that the client sees', (t) => {
  const { cache, at } = setUp(t);
  writeFileSync(at('a.h'), 'one');
  const seen = signatureOf(statSync(at('a.h')));
  assert.equal(cache.digest(at('a.h'), seen), of('one'));
  writeFileSync(at('a.h'), 'other');
  assert.equal(cache.digest(at('a.h'), seen), undefined);
});

test('a file that vanishes is forgotten, and a folder or a missing file has no hash', (t) => {
  const { cache, at, watched } = setUp(t);
  writeFileSync(at('a.h'), 'one');
  mkdirSync(at('folder'));
  settle(t);
  cache.digest(at('a.h'));
  rmSync(at('a.h'));
  for (const name of ['a.h', 'folder', 'none.h']) assert.equal(cache.digest(at(name)), undefined, name);
  assert.deepEqual([cache.size, watched.size], [0, 0]);
});

test('a link that gets another target has the hash of the new target', {
  skip: process.platform === 'win32',
}, (t) => {
  const { cache, at } = setUp(t);
  writeFileSync(at('one.h'), 'one');
  writeFileSync(at('two.h'), 'two');
  symlinkSync('one.h', at('link.h'));
  settle(t);
  assert.equal(cache.digest(at('link.h')), of('one'));
  rmSync(at('link.h'));
  symlinkSync('two.h', at('link.h'));
  assert.equal(cache.digest(at('link.h')), of('two'));
});

test('excluded files are hashed, and neither remembered nor watched', (t) => {
  const { cache, at, watched } = setUp(t, { isExcluded: (path) => path.endsWith('out.h') });
  writeFileSync(at('out.h'), 'one');
  writeFileSync(at('in.h'), 'one');
  settle(t);
  for (const name of ['out.h', 'in.h']) assert.equal(cache.digest(at(name)), of('one'));
  assert.deepEqual([...watched], [at('in.h')]);
  assert.equal(cache.size, 1);
});

test('the least recently requested file is evicted at the limit', (t) => {
  const { cache, at, watched } = setUp(t, { mostFiles: 2 });
  for (const name of ['a', 'b', 'c']) writeFileSync(at(name), name);
  settle(t);
  for (const name of ['a', 'b', 'a', 'c']) cache.digest(at(name));
  assert.deepEqual([...watched], [at('a'), at('c')]);
  assert.equal(cache.size, 2);
});
