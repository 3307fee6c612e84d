import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

const WHILE_RUNNING: readonly (readonly [title: string, command: string])[] = [
  ['the source', 'echo "int other;" >> a.c'],
  ['a header', 'echo "int other;" >> x.h'],
  ['a header, with its old time kept', 'echo "int other;" >> x.h; touch -d 2001-01-01 x.h'],
  ['a header, by another that is moved in its place', 'cp -p x.h y.h; mv y.h x.h'],
];

for (const [title, command] of WHILE_RUNNING) {
  test(`nothing is stored when the compiler runs while something changes: ${title}`, (t) => {
    const project = scriptedProject(t);
    project.write('a.c', '#include "x.h"\n');
    project.write('x.h', 'int x;\n');
    settle();
    const env = { SCRIPTED_WHILE_RUNNING: command };
    assert.equal(project.served(['/c', 'a.c'], { env }), 'miss');
    assert.equal(project.counters()['NotStored'], 1);
    project.write('a.c', '#include "x.h"\n');
    project.write('x.h', 'int x;\n');
    settle();
    assert.equal(project.served(['/c', 'a.c']), 'miss');
  });
}

test('a header that appears where it would have been found first, while the compiler runs, keeps the result out', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', '#include "x.h"\n');
  project.write('late/x.h', 'int x;\n');
  project.write('early/y.h', '');
  settle();
  const args = ['/c', '/Iearly', '/Ilate', 'a.c'];
  const env = { SCRIPTED_WHILE_RUNNING: 'echo "int early;" > early/x.h' };
  assert.equal(project.served(args, { env }), 'miss');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.match(project.read('a.obj').toString(), /early/);
});

test('without direct mode, a header that changes between the preprocessor and the compiler keeps the result out', (t) => {
  const project = scriptedProject(t);
  project.set({ CLCACHE_NODIRECT: '1' });
  project.write('a.c', '#include "x.h"\n');
  project.write('x.h', 'int x;\n');
  settle();
  const env = { SCRIPTED_AFTER_PREPROCESSING: 'echo "int changed;" > x.h; sleep 0.05' };
  assert.equal(project.served(['/c', 'a.c'], { env }), 'miss');
  project.write('x.h', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('an object that is empty or missing is not stored', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c'], { env: { SCRIPTED_EMPTY: '1' } }), 'miss');
  const gone = { SCRIPTED_WHILE_RUNNING: 'rm a.obj' };
  assert.equal(project.served(['/c', 'a.c'], { env: gone }), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  assert.ok(project.read('a.obj').length > 0);
});

test('an old object that the compiler left alone is not taken for its own', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  project.write('a.obj', 'of another source');
  settle();
  assert.equal(project.served(['/c', 'a.c'], { env: { SCRIPTED_IDLE: '1' } }), 'miss');
  project.remove('a.obj');
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.doesNotMatch(project.read('a.obj').toString(), /another/);
});

test('a compile that a signal ended is not stored, and does not look like a success', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  const { status } = project.cached(['/c', 'a.c'], { env: { SCRIPTED_SIGNAL: 'KILL' } });
  assert.equal(status, 137);
  assert.equal(project.served(['/c', 'a.c']), 'miss');
});

test('a compile that fails is shown, is not stored, and keeps its status', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int x = ;\n');
  settle();
  for (let run = 0; run < 2; run++) {
    const bare = project.bare(['/c', 'a.c']);
    assert.notEqual(bare.status, 0);
    assert.deepEqual(project.cached(['/c', 'a.c']), bare);
  }
});

test('a source that cannot be read is the compiler’s to complain about', (t) => {
  const project = new Project(t, findClangCl().path);
  project.write('a.c', 'int x;\n');
  chmodSync(project.path('a.c'), 0o000);
  for (const name of ['a.c', 'missing.c']) {
    assert.deepEqual(project.cached(['/c', name]), project.bare(['/c', name]));
  }
});
