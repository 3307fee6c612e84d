/** CLCACHE_PCH, with the model of cl: precompiled headers that do not say what they were made from. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ModelProject } from '../helpers/model-compiler.ts';
import { settle } from './helpers.ts';

const MAKE = ['/c', '/Z7', '/Ycpch.h', '/Fpx.pch', 'pch.c'];
const USE = ['/c', '/Z7', '/Yupch.h', '/Fpx.pch', 'a.c'];

function projectWith(t: ConstructorParameters<typeof ModelProject>[0]): ModelProject {
  const project = new ModelProject(t, { CLCACHE_PCH: '1' });
  project.write('inner.h', '#define I 1\n');
  project.write('pch.h', '#include "inner.h"\nextern int h[I + 0];\n');
  project.write('own.h', '#define O 2\n');
  project.write('pch.c', '#include "pch.h"\n');
  project.write('a.c', '#include "pch.h"\n#include "own.h"\nint a = O;\n');
  project.write('b.c', '#include "pch.h"\nint b;\n');
  settle();
  return project;
}

test('a precompiled header, its object and its users are hits, and the linker has nothing to say', (t) => {
  const project = projectWith(t);
  const all = [
    MAKE,
    USE,
    ['/c', '/Z7', '/Yupch.h', '/Fpx.pch', 'b.c'],
    ['/c', '/Z7', '/Yupch.h', '/Fpx.pch', '/Y-', '/Foc.obj', 'a.c'],
  ];
  for (const args of all) assert.equal(project.served(args), 'miss', args.join(' '));
  const before = project.read('x.pch');
  project.remove('x.pch', 'pch.obj', 'a.obj', 'b.obj', 'c.obj');
  for (const args of all) assert.equal(project.served(args), 'hit', args.join(' '));
  assert.ok(project.read('x.pch').equals(before));
  assert.equal(project.link('pch.obj', 'a.obj', 'b.obj', 'c.obj'), '');
  // The compiler is called again: it is the same header that the others had.
  project.write('own.h', '#define O 3\n');
  assert.equal(project.served(USE), 'miss');
  assert.equal(project.link('pch.obj', 'a.obj', 'b.obj'), '');
});

test('/Yl, /Yd and a forced include beside a precompiled header are right', (t) => {
  const project = projectWith(t);
  project.write('a.c', '#include "own.h"\nint a = O;\n');
  const words = (args: readonly string[]) => ['/FIpch.h', '/Yd', '/Yl', ...args];
  project.write('pch.c', '\n');
  settle();
  for (const served of ['miss', 'hit']) {
    assert.equal(project.served(words(MAKE)), served);
    assert.equal(project.served(words(USE)), served);
    assert.equal(project.link('pch.obj', 'a.obj'), '');
    project.remove('x.pch', 'pch.obj', 'a.obj');
  }
  project.served(words(MAKE));
  project.write('own.h', '#define O 7\n');
  assert.equal(project.served(words(USE)), 'miss');
  assert.match(String(project.read('a.obj')), /int a = 7;/);
});

test('/YX, names that do not follow from the line, several sources and /Zi are handed on', (t) => {
  const project = projectWith(t);
  project.served(MAKE);
  mkdirSync(project.path('in'));
  copyFileSync(project.path('pch.h'), project.path('in/pch.h'));
  for (const args of [
    ['/c', '/YX', 'b.c'],
    ['/c', '/Yc', '/Fpy.pch', 'pch.c'],
    ['/c', '/Ycin/pch.h', 'pch.c'],
    ['/c', '/Zi', '/Fdy.pdb', '/Ycpch.h', '/Fpy.pch', 'pch.c'],
    ['/c', '/Zi', '/Fdy.pdb', '/Yupch.h', '/Fpy.pch', 'a.c'],
  ]) {
    assert.equal(project.served(args), 'passed on', args.join(' '));
  }
  project.set({ CLCACHE_Z7: '1' });
  project.served(MAKE);
  assert.equal(project.served(['/c', '/Zi', '/Fdy.pdb', '/Yupch.h', '/Fpx.pch', 'a.c']), 'miss');
  assert.equal(project.link('pch.obj', 'a.obj'), '');
});

test('a header that changes without its precompiled header gives what cl gives, and a new one gives new users', (t) => {
  const project = projectWith(t);
  project.served(MAKE);
  project.served(USE);
  const headersIn = () => /^headers: .*$/m.exec(String(project.read('a.obj')))?.[0];
  const before = headersIn();
  project.write('inner.h', '#define I 5\n');
  project.served(USE);
  assert.equal(headersIn(), before);
  assert.equal(project.link('pch.obj', 'a.obj'), '');
  assert.equal(project.served(MAKE), 'miss');
  assert.equal(project.served(USE), 'miss');
  assert.notEqual(headersIn(), before);
  assert.equal(project.link('pch.obj', 'a.obj'), '');
});

test('__TIME__ in a precompiled header, or put together from it, keeps its users from being stored', (t) => {
  for (const [header, source] of [
    ['#define NOW __TIME__\n', 'const char *a = NOW;\n'],
    ['#define CAT(x, y) x##y\n#define PASTE(x, y) CAT(x, y)\n', 'const char *a = PASTE(__TI, ME__);\n'],
  ] as const) {
    const project = projectWith(t);
    project.write('inner.h', header);
    project.write('pch.h', '#include "inner.h"\n');
    project.write('a.c', `#include "pch.h"\n#include "own.h"\n${source}`);
    settle();
    for (let build = 0; build < 2; build += 1) {
      project.served(MAKE);
      assert.notEqual(project.served(USE), 'hit', header);
    }
    assert.notEqual(project.served(USE), 'hit', header);
  }
});

test('a precompiled header of unknown origin, one with another name and one that is gone are no hits', (t) => {
  const project = projectWith(t);
  project.bare(MAKE);
  assert.equal(project.served(USE), 'miss');
  assert.equal(project.served(USE), 'miss');
  project.served(MAKE);
  assert.equal(project.served(USE), 'miss');
  assert.equal(project.served(USE), 'hit');
  copyFileSync(project.path('x.pch'), project.path('y.pch'));
  assert.equal(project.served(['/c', '/Z7', '/Yupch.h', '/Fpy.pch', 'a.c']), 'miss');
  project.remove('x.pch');
  assert.deepEqual(project.cached(USE), project.bare(USE));
  assert.equal(project.bare(USE).status, 2);
  // Other options than those that made it: cl refuses, and so does clcache.
  project.served(MAKE);
  assert.deepEqual(project.cached([...USE, '/DX']), project.bare([...USE, '/DX']));
});

test('an entry that has lost its precompiled header restores nothing', (t) => {
  const project = projectWith(t);
  project.served(MAKE);
  const stored = readdirSync(project.path('cache/v1/objects'), { recursive: true, encoding: 'utf8' });
  const pch = stored.find((name) => name.endsWith('.pch')) ?? '';
  project.remove(join('cache/v1/objects', pch), 'x.pch', 'pch.obj');
  assert.equal(project.served(MAKE), 'miss');
  assert.equal(project.served(USE), 'miss');
  assert.equal(project.link('pch.obj', 'a.obj'), '');
});

test('what has to do with a precompiled header of cl stays on this machine, in this tree', (t) => {
  const project = projectWith(t);
  const remote = project.path('remote');
  mkdirSync(remote);
  project.set({ CLCACHE_REMOTE: pathToFileURL(remote).href });
  project.served(MAKE);
  project.served(USE);
  assert.deepEqual(readdirSync(remote, { recursive: true }), []);
  assert.equal(project.served(['/c', '/Foplain.obj', 'b.c']), 'miss');
  assert.notEqual(readdirSync(remote).length, 0);
  project.set({ CLCACHE_REMOTE: undefined });
  for (const name of ['pch.c', 'pch.h', 'inner.h']) {
    mkdirSync(project.path('two'), { recursive: true });
    copyFileSync(project.path(name), project.path(`two/${name}`));
  }
  settle();
  assert.equal(project.served(MAKE, { cwd: 'two', env: { CLCACHE_BASEDIR: project.path('two') } }), 'miss');
  assert.ok(existsSync(project.path('two/x.pch')));
});

test('without CLCACHE_PCH they are handed on, and the log names it', (t) => {
  const project = projectWith(t);
  project.set({ CLCACHE_PCH: undefined, CLCACHE_LOG: '1' });
  assert.match(project.cached(MAKE).stderr, /handed on: .*; CLCACHE_PCH=1 would have it cached/);
  const { stderr } = project.cached(['/c', '/Zi', '/Fdy.pdb', '/Ycpch.h', '/Fpy.pch', 'pch.c']);
  assert.match(stderr, /; CLCACHE_Z7=1 with CLCACHE_PCH=1 would have it cached/);
  assert.match(
    project.cached(['/c', '/YX', 'b.c']).stderr,
    /\/YX makes or uses a precompiled header as it sees fit; leaving /,
  );
  const { CallsWithPch, CallsForExternalDebugInfo } = project.counters();
  assert.deepEqual([CallsWithPch, CallsForExternalDebugInfo], [2, 1]);
});
