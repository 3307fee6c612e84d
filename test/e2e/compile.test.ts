import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counted, type Workspace, workspace } from './workspace.ts';

function library(space: Workspace): void {
  space.write('inc/number.h', '#define NUMBER 1\n');
  space.write('a.cpp', '#include <stdio.h>\n#include "number.h"\nint a() { return puts("a") + NUMBER; }\n');
  space.write('b.cpp', '#include "number.h"\nint b() { return NUMBER; }\n');
  space.write('c.c', 'int c(void) { int unused; return 3; }\n');
}

test('a second compile is a hit with the same object, streams and status as the compiler’s own', async (t) => {
  const space = workspace(t);
  library(space);
  const args = ['/c', '/W4', 'c.c', '/Foc.obj'];
  const bare = await space.compiler(args);
  const expected = space.read('c.obj');
  rmSync(space.path('c.obj'));
  for (const temperature of ['cold', 'warm']) {
    const result = await space.clcache(args);
    assert.deepEqual(
      [result.status, result.stdout, result.stderr],
      [bare.status, bare.stdout, bare.stderr],
      temperature,
    );
    assert.deepEqual(space.read('c.obj'), expected, temperature);
    rmSync(space.path('c.obj'));
  }
  assert.match(bare.stderr.toString(), /unused/);
  assert.deepEqual(await counted(space), { CacheHits: 1, CacheMisses: 1, SourceChangedMisses: 1 });
});

test('a changed header is a miss, and going back to the old one is a hit', async (t) => {
  const space = workspace(t);
  library(space);
  const args = ['/c', '/Iinc', 'b.cpp'];
  await space.clcache(args);
  const old = space.read('b.obj');
  space.write('inc/number.h', '#define NUMBER 2\n');
  await space.clcache(args);
  assert.notDeepEqual(space.read('b.obj'), old);
  space.write('inc/number.h', '#define NUMBER 1\n');
  await space.clcache(args);
  assert.deepEqual(space.read('b.obj'), old);
  assert.deepEqual(await counted(space), {
    CacheHits: 1,
    CacheMisses: 2,
    HeaderChangedMisses: 1,
    SourceChangedMisses: 1,
  });
});

test('include notes are printed on a hit if the user asked for them, and hidden if only clcache did', async (t) => {
  const space = workspace(t);
  library(space);
  const notes = ['/c', '/Iinc', '/showIncludes', 'b.cpp'];
  const bare = await space.compiler(notes);
  assert.match(bare.stdout.toString(), /Note: including file: inc.number\.h/);
  for (let call = 0; call < 2; call++) assert.deepEqual((await space.clcache(notes)).stdout, bare.stdout);
  for (let call = 0; call < 2; call++)
    assert.equal((await space.clcache(['/c', '/Iinc', 'b.cpp'])).stdout.length, 0);
  assert.deepEqual(await counted(space), { CacheHits: 2, CacheMisses: 2, SourceChangedMisses: 2 });
});

test('several sources in one call are looked up separately: a changed header compiles only those that include it', async (t) => {
  const space = workspace(t);
  library(space);
  mkdirSync(space.path('out'));
  const args = ['/c', '/Iinc', '/Foout/', 'a.cpp', 'b.cpp', 'c.c'];
  const bare = await space.compiler(args);
  const expected = readdirSync(space.path('out')).map((name) => [name, space.read(`out/${name}`)]);
  rmSync(space.path('out'), { recursive: true });
  mkdirSync(space.path('out'));
  for (let call = 0; call < 2; call++) {
    const result = await space.clcache(args);
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, bare.stdout, bare.stderr]);
    assert.deepEqual(
      readdirSync(space.path('out')).map((name) => [name, space.read(`out/${name}`)]),
      expected,
    );
  }
  space.write('inc/number.h', '#define NUMBER 7\n');
  await space.clcache(args);
  assert.deepEqual(await counted(space), {
    CacheHits: 4,
    CacheMisses: 5,
    HeaderChangedMisses: 2,
    SourceChangedMisses: 3,
  });
});

test('the first source that fails decides the status of a call, and its message is the compiler’s', async (t) => {
  const space = workspace(t);
  space.write('good.c', 'int good;\n');
  space.write('bad.c', 'int bad\n');
  const bare = await space.compiler(['/c', 'bad.c']);
  const result = await space.clcache(['/c', 'good.c', 'bad.c']);
  assert.equal(result.status, bare.status);
  assert.deepEqual(result.stderr, bare.stderr);
  assert.equal((await space.statistics())['FailedCompiles'], 1);
  assert.equal(
    (await space.clcache(['/c', 'bad.c'])).status,
    bare.status,
    'a failure is never served from the cache',
  );
});

test('a call that cannot be cached reaches the compiler unchanged, and is counted by its reason', async (t) => {
  const space = workspace(t);
  library(space);
  const calls: [string, string[]][] = [
    ['CallsForPreprocessing', ['/E', 'c.c']],
    ['CallsForLinking', ['c.c', '/link']],
    ['CallsWithoutSourceFile', ['/c']],
    ['CallsWithInvalidArgument', ['/c', 'c.c', '/D']],
    ['CallsWithPch', ['/c', '/Yunot-made.h', 'b.cpp']],
    ['CallsWithMultipleSourceFiles', ['/c', '/Tcc.c', 'b.cpp', '/Iinc']],
    ['CallsWithUnsupportedOption', ['/c', 'c.c', '/Zs']],
  ];
  for (const [counter, args] of calls) {
    const bare = await space.compiler(args);
    const result = await space.clcache(args);
    assert.deepEqual(
      [result.status, result.stdout, result.stderr],
      [bare.status, bare.stdout, bare.stderr],
      counter,
    );
    assert.equal((await space.statistics())[counter], 1, counter);
  }
});

test('a damaged, cut or incomplete entry is a miss, is replaced, and leaves the old object until then', async (t) => {
  const space = workspace(t);
  library(space);
  const args = ['/c', '/Iinc', 'b.cpp'];
  await space.clcache(args);
  const expected = space.read('b.obj');
  const objects = join(space.cache, 'v1/objects');
  const entry = () => {
    const section = readdirSync(objects).find((name) => readdirSync(join(objects, name)).length > 0) ?? '';
    const key = readdirSync(join(objects, section)).find((name) => !name.startsWith('.')) ?? '';
    return join(objects, section, key);
  };
  const damages: (() => void)[] = [
    () => writeFileSync(join(entry(), 'object'), Buffer.alloc(statSync(join(entry(), 'object')).size)),
    () => writeFileSync(join(entry(), 'object'), ''),
    () => rmSync(join(entry(), 'object')),
    () => writeFileSync(join(entry(), 'artifact.json'), '{"body":{}'),
    () => rmSync(join(entry(), 'artifact.json')),
  ];
  for (const [index, damage] of damages.entries()) {
    damage();
    writeFileSync(space.path('b.obj'), 'old');
    assert.equal((await space.clcache(args)).status, 0);
    assert.deepEqual(space.read('b.obj'), expected, `damage ${index}`);
    assert.equal((await space.statistics())['DamagedEntries'], index + 1);
    rmSync(space.path('b.obj'));
    await space.clcache(args);
    assert.deepEqual(space.read('b.obj'), expected);
    assert.equal((await space.statistics())['CacheHits'], index + 1, 'the entry was replaced');
  }
  assert.equal((await space.statistics())['CacheEntries'], 1);
});

test('an evicted artifact is counted as evicted and stored again', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', 'c.c']);
  rmSync(join(space.cache, 'v1/objects'), { recursive: true });
  await space.clcache(['/c', 'c.c']);
  await space.clcache(['/c', 'c.c']);
  assert.deepEqual(await counted(space), {
    CacheHits: 1,
    CacheMisses: 2,
    EvictedMisses: 1,
    SourceChangedMisses: 1,
  });
});

test('an entry that was evicted with its manifest is counted as evicted too', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', 'c.c']);
  await space.own(['--evict-older-than', '0s']);
  await space.clcache(['/c', 'c.c']);
  assert.deepEqual(await counted(space), { CacheMisses: 2, EvictedMisses: 1, SourceChangedMisses: 1 });
});

test('a broken manifest is reported on stderr, counts as empty and is replaced', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', '/Iinc', 'b.cpp']);
  const manifests = join(space.cache, 'v1/manifests');
  const section = readdirSync(manifests)[0] ?? '';
  const name = readdirSync(join(manifests, section)).find((file) => file.endsWith('.json')) ?? '';
  writeFileSync(join(manifests, section, name), '{"format":1,"entries":[]}');
  const result = await space.clcache(['/c', '/Iinc', 'b.cpp']);
  assert.equal(result.status, 0);
  assert.match(result.stderr.toString(), /^clcache: .*\.json was broken\n$/);
  assert.equal((await space.clcache(['/c', '/Iinc', 'b.cpp'])).stderr.length, 0);
  assert.equal((await space.statistics())['CacheHits'], 1);
});

test('compressed and plain entries mix, and both give the same object', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', '/Iinc', 'c.c'], { CLCACHE_COMPRESS: '1', CLCACHE_COMPRESSLEVEL: '9' });
  await space.clcache(['/c', '/Iinc', 'b.cpp']);
  const expected = [space.read('c.obj'), space.read('b.obj')];
  for (const compress of ['1', undefined]) {
    for (const object of ['c.obj', 'b.obj']) rmSync(space.path(object));
    await space.clcache(['/c', '/Iinc', 'b.cpp', 'c.c'], { CLCACHE_COMPRESS: compress });
    assert.deepEqual([space.read('c.obj'), space.read('b.obj')], expected);
  }
  assert.equal((await space.statistics())['CacheHits'], 4);
});

test('a hard-linked object has the time of its hit, and a write through it does not damage what is served', async (t) => {
  const space = workspace(t);
  library(space);
  const env = { CLCACHE_HARDLINK: '1' };
  await space.clcache(['/c', 'c.c'], env);
  const expected = space.read('c.obj');
  rmSync(space.path('c.obj'));
  const before = Date.now();
  await space.clcache(['/c', 'c.c'], env);
  const stat = statSync(space.path('c.obj'));
  assert.equal(stat.nlink, 2);
  assert.ok(stat.mtimeMs >= before - 1000);
  writeFileSync(space.path('c.obj'), 'a tool writes into the object');
  await space.clcache(['/c', 'c.c'], env);
  assert.deepEqual(space.read('c.obj'), expected);
  assert.equal((await space.statistics())['DamagedEntries'], 1);
});

test('a compiler that writes into a linked object reaches neither the cache nor another folder', async (t) => {
  const space = workspace(t);
  library(space);
  const env = { CLCACHE_HARDLINK: '1' };
  await space.clcache(['/c', 'c.c'], env);
  rmSync(space.path('c.obj'));
  await space.clcache(['/c', 'c.c'], env);
  linkSync(space.path('c.obj'), space.path('elsewhere.obj'));
  const elsewhere = space.read('elsewhere.obj');
  space.write('c.c', 'int c(void) { return 4; }\n');
  await space.clcache(['/c', 'c.c'], env);
  assert.deepEqual(space.read('elsewhere.obj'), elsewhere);
  assert.notDeepEqual(space.read('c.obj'), elsewhere);
});

test('preprocessor mode serves the same text again, and misses if a comment or the text changed', async (t) => {
  const space = workspace(t);
  const env = { CLCACHE_NODIRECT: '1' };
  for (const text of ['int n(void) { return 1; } /* one */\n', 'int n(void) { return 1; } /* other */\n']) {
    space.write('n.c', text);
    await space.clcache(['/c', 'n.c'], env);
    await space.clcache(['/c', 'n.c'], env);
  }
  space.write('n.c', 'int n(void) { return 2; }\n');
  await space.clcache(['/c', 'n.c'], env);
  assert.deepEqual(await counted(space), { CacheHits: 2, CacheMisses: 3, SourceChangedMisses: 3 });
});

test('a preprocessor that fails in preprocessor mode is shown, named and decides the status', async (t) => {
  const space = workspace(t);
  space.write('n.c', '#include "missing.h"\n');
  const result = await space.clcache(['/c', 'n.c'], { CLCACHE_NODIRECT: '1' });
  assert.equal(result.status, 1);
  assert.match(result.stderr.toString(), /missing\.h[\s\S]*clcache: preprocessor failed\n$/);
});

test('CLCACHE_DISABLE does not touch the cache', async (t) => {
  const space = workspace(t, { isBlank: true });
  library(space);
  assert.equal((await space.clcache(['/c', 'c.c'], { CLCACHE_DISABLE: '1' })).status, 0);
  assert.ok(existsSync(space.path('c.obj')));
  assert.ok(!existsSync(space.cache));
});

test('CLCACHE_LOG says on stderr, or in the file it names, why a call was a miss; stdout stays the compiler’s', async (t) => {
  const space = workspace(t);
  library(space);
  const result = await space.clcache(['/c', '/Iinc', 'b.cpp'], { CLCACHE_LOG: '1' });
  assert.match(result.stderr.toString(), /manifest key/);
  assert.equal(result.stdout.length, 0);
  space.write('inc/number.h', '#define NUMBER 5\n');
  const quiet = await space.clcache(['/c', '/Iinc', 'b.cpp'], { CLCACHE_LOG: space.path('trace.log') });
  assert.equal(quiet.stderr.length, 0);
  assert.match(space.read('trace.log').toString(), /number\.h has changed/);
});

test('CLCACHE_PROFILE writes where the time went', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', 'c.c'], { CLCACHE_PROFILE: '1' });
  const name = readdirSync(space.folder).find((file) => file.endsWith('.trace.json')) ?? '';
  const { traceEvents } = JSON.parse(space.read(name).toString()) as { traceEvents: { name: string }[] };
  assert.ok(traceEvents.some((event) => event.name === 'compile c.c'));
});

test('CLCACHE_PROFILE shows how long a call waited for a lock', async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', 'c.c']);
  const sections = [...'0123456789abcdef'];
  const locks = sections.map((section) => space.path(`cache/v1/statistics/${section}/.lock`));
  for (const lock of locks) mkdirSync(lock, { recursive: true });
  const call = space.clcache(['/c', 'c.c'], { CLCACHE_PROFILE: '1' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const lock of locks) rmdirSync(lock);
  assert.equal((await call).status, 0);
  const name = readdirSync(space.folder).find((file) => file.endsWith('.trace.json')) ?? '';
  const { traceEvents } = JSON.parse(space.read(name).toString()) as {
    traceEvents: { name: string; dur: number }[];
  };
  const [wait, ...others] = traceEvents.filter((event) => event.name.startsWith('wait for '));
  assert.ok(wait && locks.some((lock) => wait.name.endsWith(lock)), wait?.name);
  assert.ok(wait.dur > 100_000 && wait.dur < 3_000_000, `${wait.dur} µs`);
  assert.deepEqual(others, []);
});

test('a cache folder that cannot be used never breaks a build', async (t) => {
  const space = workspace(t);
  library(space);
  space.write('file', 'not a folder');
  for (let call = 0; call < 2; call++) {
    const result = await space.clcache(['/c', '/Iinc', 'b.cpp'], { CLCACHE_DIR: space.path('file') });
    assert.deepEqual([result.status, result.stdout.length, result.stderr.length], [0, 0, 0]);
    assert.ok(existsSync(space.path('b.obj')));
    rmSync(space.path('b.obj'));
  }
});

test('a lock that stays held makes the build go on without the cache, and is counted', async (t) => {
  const space = workspace(t);
  library(space);
  // Learns the compiler, which takes longer than these locks count as held.
  await space.clcache(['/c', '/Iinc', 'b.cpp']);
  for (let section = 0; section < 256; section++) {
    const name = section.toString(16).padStart(2, '0');
    mkdirSync(join(space.cache, 'v1/manifests', name, '.lock'), { recursive: true });
  }
  const result = await space.clcache(['/c', 'c.c'], { CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '200' });
  rmSync(join(space.cache, 'v1/manifests'), { recursive: true });
  assert.equal(result.status, 0);
  assert.ok(existsSync(space.path('c.obj')));
  assert.equal((await space.statistics())['LockTimeouts'], 1);
});

test('a hit waits for no lock where an open file can be replaced', {
  skip: process.platform === 'win32' ? 'there it cannot' : false,
}, async (t) => {
  const space = workspace(t);
  library(space);
  await space.clcache(['/c', 'c.c']);
  const manifests = join(space.cache, 'v1/manifests');
  mkdirSync(join(manifests, readdirSync(manifests)[0] ?? '', '.lock'));
  await space.clcache(['/c', 'c.c'], { CLCACHE_OBJECT_CACHE_TIMEOUT_MS: '200' });
  const { CacheHits, LockTimeouts } = await space.statistics();
  assert.deepEqual({ CacheHits, LockTimeouts }, { CacheHits: 1, LockTimeouts: 0 });
});

test('the cache stays below its limit, and the most recently used entries stay', async (t) => {
  const space = workspace(t);
  for (let index = 0; index < 12; index++)
    space.write(`s${index}.c`, `char data${index}[20000] = {${index + 1}};\n`);
  assert.equal((await space.own(['-M', '100k'])).status, 0);
  for (let index = 0; index < 12; index++) {
    await space.clcache(['/c', `s${index}.c`]);
    await space.clcache(['/c', 's0.c']);
  }
  const statistics = await space.statistics();
  assert.ok((statistics['CacheSize'] ?? 0) <= 100 * 1024, `${statistics['CacheSize']}`);
  assert.equal(statistics['CacheHits'], 12, 's0 was used all the time');
});
