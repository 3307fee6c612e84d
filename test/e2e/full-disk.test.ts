import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Workspace, workspace } from './workspace.ts';

/** Only root may mount, and only Linux has a file system that is made of memory and has a size. */
const CANNOT_MOUNT = process.platform !== 'linux' || process.getuid?.() !== 0 ? 'needs root on Linux' : false;

function mount(...words: string[]): void {
  const { status, stderr } = spawnSync('mount', words);
  assert.equal(status, 0, String(stderr));
}

/** A workspace whose cache folder is a file system of its own. */
function workspaceOnMount(t: TestContext, options: string): Workspace {
  // Hooks run in the order in which they were registered: this one before the one that removes the workspace.
  t.after(() => spawnSync('umount', [space.cache]));
  const space = workspace(t, { isBlank: true });
  space.write('a.c', 'char data[200000] = {1};\n');
  mkdirSync(space.cache);
  mount('-t', 'tmpfs', '-o', options, 'tmpfs', space.cache);
  return space;
}

async function compilesAsIfThereWereNoCache(space: Workspace): Promise<void> {
  await space.compiler(['/c', 'a.c']);
  const expected = space.read('a.obj');
  rmSync(space.path('a.obj'));
  const result = await space.clcache(['/c', 'a.c'], { CLCACHE_LOG: space.path('log') });
  assert.deepEqual([result.status, result.stdout.length, result.stderr.length], [0, 0, 0]);
  assert.deepEqual(space.read('a.obj'), expected);
}

test('on a full disk the build goes on, nothing incomplete is stored, and each compile is counted', {
  skip: CANNOT_MOUNT,
}, async (t) => {
  const space = workspaceOnMount(t, 'size=64k');
  for (let call = 1; call <= 2; call++) {
    await compilesAsIfThereWereNoCache(space);
    assert.match(readFileSync(space.path('log'), 'utf8'), /not stored: ENOSPC/);
    const { CacheErrors, CacheMisses, CacheEntries } = await space.statistics();
    assert.deepEqual(
      { CacheErrors, CacheMisses, CacheEntries },
      { CacheErrors: call, CacheMisses: call, CacheEntries: 0 },
    );
  }
});

test('-C empties a cache that fills its disk', {
  skip: CANNOT_MOUNT,
}, async (t) => {
  const space = workspaceOnMount(t, 'size=3m');
  for (let number = 0; number < 4; number++) await space.clcache(['/c', `/DNUMBER=${number}`, 'a.c']);
  const filler = join(space.cache, 'filler');
  assert.throws(() => writeFileSync(filler, Buffer.alloc(4 * 1024 * 1024)), /ENOSPC/);
  const { status, stdout, stderr } = await space.own(['-C']);
  assert.deepEqual([status, String(stdout), String(stderr)], [0, 'Cache cleared\n', '']);
  assert.ok(statfsSync(space.cache).bfree > 100);
  const { CacheEntries, CacheSize } = await space.statistics();
  assert.deepEqual({ CacheEntries, CacheSize }, { CacheEntries: 0, CacheSize: 0 });
});

test('a read-only cache gives hits, and does not disturb a build', {
  skip: CANNOT_MOUNT,
}, async (t) => {
  const space = workspaceOnMount(t, 'size=10m');
  await space.clcache(['/c', 'a.c']);
  mount('-o', 'remount,ro', space.cache);
  await compilesAsIfThereWereNoCache(space);
  const log = readFileSync(space.path('log'), 'utf8');
  assert.match(log, /not counted: EROFS/);
  assert.doesNotMatch(log, /the cache failed|not stored/);
  assert.ok(existsSync(space.path('cache/v1/objects')), 'what was there is there');
});

test('a full disk for temporary files loses none of the compiler’s output', {
  skip: CANNOT_MOUNT,
}, async (t) => {
  const space = workspaceOnMount(t, 'size=64k');
  // Here the small disk is the one for temporary files, and the cache is elsewhere.
  const env = { TMPDIR: space.cache, CLCACHE_DIR: space.path('elsewhere') };
  writeFileSync(join(space.cache, 'filler'), Buffer.alloc(60 * 1024));
  const headers = Array.from({ length: 200 }, (_, index) => `a-header-with-a-long-name-${index}.h`);
  for (const name of headers) space.write(name, '\n');
  space.write('b.c', headers.map((name) => `#include "${name}"\n`).join(''));
  for (const args of [
    ['/c', '/showIncludes', 'b.c'],
    ['/c', 'b.c'],
  ]) {
    const bare = await space.compiler(args);
    const { status, stdout, stderr } = await space.clcache(args, env);
    assert.deepEqual([status, stdout, stderr], [bare.status, bare.stdout, bare.stderr]);
  }
  space.write(headers[199] ?? '', 'int changed;\n');
  await space.compiler(['/c', 'b.c']);
  const expected = space.read('b.obj');
  await space.clcache(['/c', 'b.c'], env);
  assert.deepEqual(space.read('b.obj'), expected, 'the last header counts as well');
});
