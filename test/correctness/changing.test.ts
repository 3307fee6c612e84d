import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

const WHILE_RUNNING: readonly (readonly [title: string, command: string])[] = [
  ['the source', 'echo "int other;" >> a.c'],
  ['a header', 'echo "int other;" >> x.h'],
  ['a header, with its old time kept', 'echo "int other;" >> x.h; touch -d 2001-01-01 x.h'],
  ['a header, by another that is moved in its place', 'cp -p x.h y.h; mv y.h x.h'],
];

/** The changes come at once, or after the reported headers were inspected. */
const DELAYS = [
  ['', ''],
  [', later', 'sleep 0.2; '],
] as const;

/**
 * A project whose files are no longer new, and in which clcache has learnt the form of include notes, so that it reads
 * them while they come.
 */
function settledProject(t: TestContext, files: Readonly<Record<string, string>>): Project {
  const project = scriptedProject(t);
  for (const [name, text] of Object.entries({ ...files, 'first.c': '' })) project.write(name, text);
  settle();
  project.served(['/c', 'first.c']);
  return project;
}

for (const [late, delay] of DELAYS) {
  for (const [title, command] of WHILE_RUNNING) {
    test(`nothing is stored when the compiler runs while something changes: ${title}${late}`, (t) => {
      const files = { 'a.c': '#include "x.h"\n', 'x.h': 'int x;\n' };
      const project = settledProject(t, files);
      const env = { SCRIPTED_WHILE_RUNNING: delay + command };
      assert.equal(project.served(['/c', 'a.c'], { env }), 'miss');
      assert.equal(project.counters()['NotStored'], 1);
      for (const [name, text] of Object.entries(files)) project.write(name, text);
      settle();
      assert.equal(project.served(['/c', 'a.c']), 'miss');
    });
  }

  test(`a header that appears where it would have been found first keeps the result from being stored${late}`, (t) => {
    const project = settledProject(t, { 'a.c': '#include "x.h"\n', 'late/x.h': 'int x;\n', 'early/y.h': '' });
    const args = ['/c', '/Iearly', '/Ilate', 'a.c'];
    const env = { SCRIPTED_WHILE_RUNNING: `${delay}echo "int early;" > early/x.h` };
    assert.equal(project.served(args, { env }), 'miss');
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.match(project.read('a.obj').toString(), /early/);
  });

  for (const [title, command] of [
    ['appears', 'echo > early/y.h'],
    ['vanishes', 'rm early/z.h'],
    ['vanishes beside the output', 'rm z.h'],
  ] as const) {
    test(`a file that __has_include asks for and that ${title} while the compiler runs keeps the result from being stored${late}`, (t) => {
      const asking = ['y.h', 'z.h']
        .map((name) => `#if __has_include("${name}")\nint there;\n#endif\n`)
        .join('');
      const project = settledProject(t, { 'src/a.c': asking, 'early/z.h': '', 'early/w.h': '', 'z.h': '' });
      const args = ['/c', ...(command === 'rm z.h' ? ['/I.'] : ['/Iearly']), 'src/a.c'];
      const env = { SCRIPTED_WHILE_RUNNING: delay + command };
      assert.equal(project.served(args, { env }), 'miss');
      assert.equal(project.counters()['NotStored'], 1);
    });
  }

  for (const [title, file] of [
    ['', 'early/y.h'],
    [', behind a link that led nowhere', 'elsewhere/y.h'],
  ] as const) {
    test(`a file that appears while __has_include may see it is not recorded as absent${title}${late}`, (t) => {
      const project = settledProject(t, {
        'a.c': '#include "x.h"\n#include "w.h"\n',
        'late/x.h': '#if __has_include("y.h")\n#endif\n',
        'late/w.h': 'int w;\n',
        'early/z.h': '',
        'elsewhere/z.h': '',
      });
      if (file !== 'early/y.h') symlinkSync(project.path(file), project.path('early/y.h'));
      settle();
      const args = ['/c', '/Iearly', '/Ilate', 'a.c'];
      const env = { SCRIPTED_WHILE_RUNNING: `${delay}echo > ${file}` };
      assert.equal(project.served(args, { env }), 'miss');
      project.remove(file);
      settle();
      assert.equal(project.served(args), 'miss');
    });
  }
}

test('in preprocessor mode, a header that changes between the preprocessor and the compiler keeps the result from being stored', (t) => {
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

test('an old object that the compiler did not touch is not taken for its output', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  project.write('a.obj', 'of another source');
  settle();
  assert.equal(project.served(['/c', 'a.c'], { env: { SCRIPTED_IDLE: '1' } }), 'miss');
  project.remove('a.obj');
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.doesNotMatch(project.read('a.obj').toString(), /another/);
});

test('a compile that a signal ended is not stored, and is no success', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  const { status } = project.cached(['/c', 'a.c'], { env: { SCRIPTED_SIGNAL: 'KILL' } });
  assert.equal(status, 137);
  assert.equal(project.served(['/c', 'a.c']), 'miss');
});

test('a compile that fails prints its messages, is not stored, and keeps its status', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int x = ;\n');
  settle();
  for (let run = 0; run < 2; run++) {
    const bare = project.bare(['/c', 'a.c']);
    assert.notEqual(bare.status, 0);
    assert.deepEqual(project.cached(['/c', 'a.c']), bare);
  }
});

test('a source that cannot be read is reported by the compiler', (t) => {
  const project = new Project(t, findClangCl().path);
  project.write('a.c', 'int x;\n');
  chmodSync(project.path('a.c'), 0o000);
  for (const name of ['a.c', 'missing.c']) {
    assert.deepEqual(project.cached(['/c', name]), project.bare(['/c', name]));
  }
});
