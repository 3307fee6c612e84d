/** `config.txt` in the cache folder, with real calls. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { counted, workspace } from './workspace.ts';

test('a variable in config.txt decides on results as in the environment does, which wins', async (t) => {
  const space = workspace(t);
  space.write('one.c', 'int one;\n');
  const call = (env = {}) => space.clcache(['/c', '/Foone.obj', 'one.c'], env);
  const set = { CLCACHE_COMPILER_CHECK: 'string:mine', CLCACHE_BASEDIR: space.folder };
  await call(set);
  for (const [name, value] of Object.entries(set)) {
    assert.equal((await space.own(['--set', `${name}=${value}`])).status, 0);
  }
  await call();
  assert.deepEqual(await hitsAndMisses(space), [1, 1], 'the result of the environment is found');
  await call({ CLCACHE_COMPILER_CHECK: 'string:other' });
  assert.deepEqual(await hitsAndMisses(space), [1, 2], 'the environment wins');
  await space.own(['--unset', 'CLCACHE_COMPILER_CHECK']);
  await call({ CLCACHE_COMPILER_CHECK: 'string:mine' });
  assert.deepEqual(await hitsAndMisses(space), [2, 2]);
});

test('config.txt names the compiler, switches clcache off, and says where the log is', async (t) => {
  const space = workspace(t);
  space.write('one.c', 'int one;\n');
  const log = space.path('the log.txt');
  await space.own(['--set', `CLCACHE_LOG=${log}`]);
  await space.own(['--set', 'CLCACHE_DISABLE=1']);
  assert.equal((await space.clcache(['/c', 'one.c'])).status, 0);
  assert.match(space.read('the log.txt').toString(), /CLCACHE_DISABLE is set/);
  assert.deepEqual(await counted(space), {});
  await space.own(['--unset', 'CLCACHE_DISABLE']);
  await space.own(['--set', `CLCACHE_CL=${space.path('no-compiler')}`]);
  const { status, stderr } = await space.own(['/c', 'one.c']);
  assert.deepEqual([status, /no-compiler/.test(stderr.toString())], [1, true]);
});

test('a config.txt that cannot be read does not fail a call, and the log says it once', async (t) => {
  const space = workspace(t);
  space.write('one.c', 'int one;\n');
  await space.own(['--set', 'CLCACHE_PCH=1']);
  writeFileSync(`${space.cache}/config.txt`, '{"CLCACHE_PCH": "1"');
  const { status, stderr } = await space.clcache(['/c', 'one.c'], { CLCACHE_LOG: '1' });
  assert.equal(status, 0);
  assert.equal(stderr.toString().split('config.txt was broken').length, 2, stderr.toString());
  const said = await space.own(['-s']);
  assert.match(said.stderr.toString(), /^clcache: [^\n]*config\.txt was broken\n$/);
  assert.ok(existsSync(space.path('one.obj')));
});

async function hitsAndMisses(space: ReturnType<typeof workspace>): Promise<readonly unknown[]> {
  const { CacheHits = 0, CacheMisses = 0 } = await space.statistics();
  return [CacheHits, CacheMisses];
}
