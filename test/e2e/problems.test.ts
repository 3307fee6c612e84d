/** What `clcache -s` and the log say of settings without effect, and of places that cannot be written. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { workspace } from './workspace.ts';

const BAD = { CLCACHE_BASDIR: '/tree', CLCACHE_COMPRESS: 'flase', CLCACHE_OBJECT_CACHE_TIMEOUT_MS: 'soon' };
const TOLD = [
  /^CLCACHE_BASDIR is not a variable of clcache: did you mean CLCACHE_BASEDIR\?$/,
  /^CLCACHE_COMPRESS counts as on: 'flase' is none of 0, false, no, off, 1, true, yes, on$/,
  /^CLCACHE_OBJECT_CACHE_TIMEOUT_MS is not a whole number: 'soon'; using the default$/,
];

test('-s reports bad and unknown variables on stderr, and in JSON', async (t) => {
  const space = workspace(t);
  const text = await space.own(['-s'], BAD);
  assert.equal(text.status, 0);
  assert.match(String(text.stdout), /^clcache statistics:\n/);
  assert.ok(!String(text.stdout).includes('CLCACHE_'));
  const lines = String(text.stderr).trim().split('\n');
  const { Problems: problems } = JSON.parse(String((await space.own(['-s', '--json'], BAD)).stdout));
  assert.deepEqual(
    lines,
    problems.map((problem: string) => `clcache: ${problem}`),
  );
  assert.equal(problems.length, TOLD.length);
  for (const [index, expected] of TOLD.entries()) assert.match(problems[index], expected);
  assert.deepEqual(JSON.parse(String((await space.own(['-s', '--json'])).stdout)).Problems, []);
});

test('a compile reports them in the log, and nowhere else', async (t) => {
  const space = workspace(t);
  space.write('a.c', 'int a;\n');
  const quiet = await space.clcache(['/c', 'a.c'], BAD);
  assert.deepEqual([quiet.status, String(quiet.stdout), String(quiet.stderr)], [0, '', '']);
  const log = space.path('log.txt');
  const logged = await space.clcache(['/c', 'a.c'], { ...BAD, CLCACHE_LOG: log });
  assert.deepEqual([logged.status, String(logged.stdout), String(logged.stderr)], [0, '', '']);
  for (const expected of TOLD) {
    const lines = readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\[[^\]]*\] /, ''));
    assert.equal(lines.filter((line) => expected.test(line)).length, 1, String(expected));
  }
});

test('the log says of each source whether it hit, and why it missed', async (t) => {
  const space = workspace(t);
  space.write('a.c', '#include "a.h"\n');
  const said = async (header: string) => {
    space.write('a.h', header);
    const { stderr } = await space.clcache(['/c', 'a.c'], { CLCACHE_LOG: '1' });
    const words = /\] a\.c: ((?:hit|miss)[^\n]*)/.exec(String(stderr));
    return words?.[1];
  };
  assert.equal(await said('int a;\n'), 'miss: nothing is known of an earlier compile of it in this folder');
  assert.equal(await said('int a;\n'), 'hit');
  assert.equal(await said('int b;\n'), 'miss: a.h changed');
});

test('-s reports a log that cannot be written, and leaves none behind otherwise', async (t) => {
  const space = workspace(t);
  space.write('file', '');
  for (const log of ['gone/log.txt', 'file/log.txt', '.']) {
    const { stderr } = await space.own(['-s'], { CLCACHE_LOG: space.path(log) });
    assert.match(String(stderr), /^clcache: CLCACHE_LOG cannot be written: [^\n]+\n$/, log);
  }
  assert.equal(String((await space.own(['-s'], { CLCACHE_LOG: space.path('log.txt') })).stderr), '');
  assert.ok(!existsSync(space.path('log.txt')));
});

test('-s reports a missing compiler, and a switch that needs a store', async (t) => {
  const space = workspace(t);
  const { stderr } = await space.own(['-s'], { CLCACHE_CL: 'no-such-cl', CLCACHE_REMOTE_ONLY: '1' });
  const [compiler, store, ...others] = String(stderr).trim().split('\n');
  assert.match(compiler ?? '', /^clcache: CLCACHE_CL names no compiler that is there: searched 'no-such-cl'/);
  assert.match(store ?? '', /^clcache: CLCACHE_REMOTE_ONLY does nothing where no store is named/);
  assert.deepEqual(others, []);
});

test('-s reports a cache folder that cannot be written, and compiles go on without it', async (t) => {
  const space = workspace(t);
  space.write('a.c', 'int a;\n');
  space.write('file', '');
  for (const cache of ['file', 'file/cache']) {
    const env = { CLCACHE_DIR: space.path(cache) };
    const compiled = await space.clcache(['/c', 'a.c'], env);
    assert.deepEqual([compiled.status, String(compiled.stdout), String(compiled.stderr)], [0, '', '']);
    const { stderr } = await space.own(['-s'], env);
    assert.match(
      String(stderr),
      /^clcache: the folder of the cache cannot be written[^\n]*file[^\n]*\n/,
      cache,
    );
    assert.doesNotMatch(String(stderr), /\.tmp/, 'it names no file of ours');
  }
  if (process.platform !== 'linux') return;
  const { stderr } = await space.own(['-s'], { CLCACHE_DIR: '/proc/cache' });
  assert.match(String(stderr), /^clcache: the folder of the cache cannot be written[^\n]*'?\/proc\/cache/);
});

test('a part of the cache folder that cannot be written is reported, and each compile counts as an error', async (t) => {
  const space = workspace(t);
  space.write('a.c', 'int a;\n');
  mkdirSync(space.path('cache/v1'), { recursive: true });
  symlinkSync(space.folder, space.path('cache/v1/manifests'));
  for (const count of [1, 2]) {
    assert.equal((await space.clcache(['/c', 'a.c'])).status, 0);
    assert.equal((await space.statistics())['CacheErrors'], count);
  }
  const { stderr } = await space.own(['-s']);
  assert.match(
    String(stderr),
    /^clcache: the folder of the cache cannot be written[^\n]*manifests is a link[^\n]*\n$/,
  );
});

test('-s makes no cache folder', async (t) => {
  const space = workspace(t, { isBlank: true });
  const { status, stderr } = await space.own(['-s'], { CLCACHE_DIR: space.path('new/cache') });
  assert.deepEqual([status, String(stderr)], [0, '']);
  assert.deepEqual(readdirSync(space.folder), []);
});
