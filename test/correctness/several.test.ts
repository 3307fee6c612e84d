import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

/** The order of a source that fails (f), one that is cached (h), and one that is not (m). */
const ORDERS = ['fhm', 'fmh', 'hfm', 'hmf', 'mfh', 'mhf', 'ffh', 'mfm'];
const TEXTS: Readonly<Record<string, string>> = { f: '#error no\n', h: 'int h;\n', m: 'int m;\n' };

/** Writes the sources of an order, fills the cache with those that are to be hits, and returns their names. */
function sourcesOf(project: Project, order: string): string[] {
  const names = Array.from(order, (kind, index) => `${order}${index}${kind}`);
  for (const [index, name] of names.entries())
    project.write(`${name}.c`, `${TEXTS[order[index] ?? '']}int ${name};\n`);
  settle();
  for (const name of names) if (name.endsWith('h')) project.served(['/c', `${name}.c`]);
  project.remove(...names.map((name) => `${name}.obj`));
  return names.map((name) => `${name}.c`);
}

function objects(project: Project): string[] {
  const made = project.files().filter((name) => name.endsWith('.obj'));
  const all = made.map((name) => `${name} ${project.read(name).toString('base64')}`);
  project.remove(...made);
  return all;
}

test('clcache stops after the first source that fails with clang-cl, as clang-cl does, whatever is cached', (t) => {
  const project = new Project(t);
  for (const order of ORDERS) {
    const args = ['/c', ...sourcesOf(project, order)];
    const bare = project.bare(args);
    const expected = objects(project);
    assert.deepEqual(project.cached(args), bare, order);
    assert.deepEqual(objects(project), expected, order);
  }
});

test('what clang-cl says of the sources that it does not come to is printed as well', (t) => {
  const project = new Project(t);
  project.write('bad.c', 'int bad = ;\n');
  project.write('bad.cpp', 'int bad = ;\n');
  for (const name of ['a.c', 'b.c', 'c.cpp', 'd.cpp']) project.write(name, 'int ok;\n');
  settle();
  for (const args of [
    ['/std:c++17', 'bad.c', 'a.c', 'b.c'],
    ['/std:c++17', 'a.c', 'bad.c', 'b.c', 'c.cpp'],
    ['/std:c++17', 'c.cpp', 'bad.cpp', 'a.c'],
    ['/std:c11', 'bad.c', 'c.cpp', 'd.cpp'],
    ['/std:c++17', '/Qnot-an-option', 'bad.c', 'a.c'],
    ['/O2', 'bad.c', 'a.c'],
    ['--target=x86_64-pc-windows-msvc', '/clang:-g', '/clang:-fdebug-types-section', 'a.c', 'b.c'],
    ['a.c', 'gone.c', 'b.c'],
  ]) {
    const bare = project.bare(['/c', ...args]);
    assert.notEqual(bare.status, 0);
    for (const call of ['first', 'second']) {
      const { status, stdout, stderr } = project.cached(['/c', ...args]);
      assert.deepEqual({ status, stdout }, { status: bare.status, stdout: bare.stdout });
      const sorted = (text: string) => text.split('\n').sort();
      assert.deepEqual(
        sorted(String(stderr)),
        sorted(String(bare.stderr)),
        `${args.join(' ')}, ${call} call`,
      );
    }
  }
});

test('clcache compiles all sources with cl, whichever of them fail, as cl does, whatever is cached', (t) => {
  const project = new ModelProject(t);
  for (const order of ORDERS) {
    for (const options of [[], ['/MP2']]) {
      const sources = sourcesOf(project, order);
      const { status, stdout } = project.cached(['/c', ...options, ...sources]);
      assert.equal(status, 2, order);
      const made = objects(project).map((line) => line.split('.obj')[0] ?? '');
      assert.deepEqual(
        made,
        sources
          .map((name) => name.slice(0, -2))
          .filter((name) => !name.endsWith('f'))
          .sort(),
      );
      const said = stdout.split('\r\n').filter((line) => line.endsWith('.c'));
      assert.deepEqual(said, sources, order);
    }
  }
});

test('an output whose status cannot be read does not affect the other sources of the call', (t) => {
  const project = new Project(t);
  for (const name of ['a', 'b', 'c']) project.write(`${name}.c`, `int ${name};\n`);
  settle();
  const args = ['/c', 'a.c', 'b.c', 'c.c'];
  const link = () => symlinkSync('b.obj', project.path('b.obj'));
  link();
  const bare = project.bare(args);
  const expected = objects(project);
  for (const hardLink of ['0', '1']) {
    link();
    assert.deepEqual(project.cached(args, { env: { CLCACHE_HARDLINK: hardLink } }), bare);
    assert.deepEqual(objects(project), expected);
  }
  assert.equal(project.counters()['CacheMisses'], 3);
  assert.equal(project.counters()['CacheHits'], 3);
});

test('a compiler that can no longer be started fails the call, and its earlier results are stored and counted', (t) => {
  const project = scriptedProject(t);
  for (const name of ['a', 'b']) project.write(`${name}.c`, `int ${name};\n`);
  settle();
  const env = { SCRIPTED_WHILE_RUNNING: `chmod a-x '${project.compiler}'` };
  const { status, stderr } = project.cached(['/c', 'a.c', 'b.c'], { env });
  assert.equal(status, 1);
  assert.match(stderr, /^clcache: no compiler found: searched [^\n]*\n$/);
  const { CacheMisses, CacheErrors } = project.counters();
  assert.deepEqual({ CacheMisses, CacheErrors }, { CacheMisses: 1, CacheErrors: 1 });
  assert.deepEqual(
    objects(project).map((line) => line.split(' ')[0]),
    ['a.obj'],
  );
});
