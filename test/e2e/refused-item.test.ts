/** Cleaning a cache of which the system protects a part, as in a folder of several users. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { putEntry, putManifest } from '../storage/cache-items.ts';

const AS_ROOT = { skip: process.getuid?.() !== 0 && 'only root can act as another user' };
const USER = { uid: 54_321, gid: 54_321 };

/** A cache of the user, with one section of entries and one of manifests that belong to root. */
function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const cache = join(folder, 'cache');
  writeFileSync(join(folder, 'a.c'), 'int a;\n');
  for (let number = 0; number < 12; number++) {
    const digit = number.toString(16);
    putEntry(cache, `a${digit}1`, 1000, 60_000 - number);
    putManifest(cache, `a${digit}1`, 100, 60_000 - number);
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, name), USER.uid, USER.gid);
  chownSync(folder, USER.uid, USER.gid);
  for (const section of ['objects/a0', 'manifests/a0']) {
    chownSync(join(cache, 'v1', section), 0, 0);
    chmodSync(join(cache, 'v1', section), 0o755);
  }
  const call = (...words: readonly string[]) => {
    const env = cleanEnvironment({ CLCACHE_DIR: cache, HOME: folder });
    const result = spawnSync(executable(), words, { cwd: folder, env, encoding: 'utf8', ...USER });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
  };
  const sections = (kind: string) => {
    const all = readdirSync(join(cache, 'v1', kind)).sort();
    return all.filter((name) => readdirSync(join(cache, 'v1', kind, name)).length > 0);
  };
  return { call, sections };
}

const REFUSED = /^clcache: not everything could be removed: EACCES: [^\n]*\n$/;

test(
  'what the system protects keeps -c, -C and --evict-older-than from nothing else, and is told',
  AS_ROOT,
  (t) => {
    for (const [words, left] of [
      [['-c'], ['a0', 'a9', 'aa', 'ab']],
      [['-C'], ['a0']],
      [['--evict-older-than', '30s'], ['a0']],
    ] as const) {
      const { call, sections } = setUp(t);
      assert.equal(call('-M', '4000').status, 0);
      const { status, stderr } = call(...words);
      assert.equal(status, 1, words[0]);
      assert.match(stderr, REFUSED);
      assert.deepEqual(sections('objects'), left, words[0]);
      if (words[0] === '-C') assert.deepEqual(sections('manifests'), left);
    }
  },
);

test('a compile that cleans a full cache does so beside what the system protects', AS_ROOT, (t) => {
  const { call, sections } = setUp(t);
  assert.equal(call('-M', '10000').status, 0);
  // Measures the cache, of which nothing is counted yet.
  call('--evict-older-than', '1d');
  assert.equal(sections('objects').length, 12);
  const compile = call(findClangCl().path, HOST_TARGET, '/c', 'a.c');
  assert.deepEqual([compile.status, compile.stdout.trim(), compile.stderr], [0, '', '']);
  assert.ok(sections('objects').length < 11, sections('objects').join());
});
