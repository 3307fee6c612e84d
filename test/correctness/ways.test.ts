import assert from 'node:assert/strict';
import { chmodSync, linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

/** What happens to the project while the compiler, which has already read everything, still runs. */
const TURNED: readonly (readonly [title: string, command: string])[] = [
  ['a folder, by another in its place', 'mv inc/deep inc/old; mv other/deep inc/deep'],
  ['the folder that is searched', 'mv inc inc.old; mv other inc'],
  ['a folder, there and back', 'mv inc inc.old; mv other inc; sleep 0.05; mv inc other; mv inc.old inc'],
  [
    'a folder within, there and back',
    'mv inc/deep old; mv other/deep inc/deep; mv inc/deep other/deep; mv old inc/deep',
  ],
  [
    'a folder that got new files after it was there and back',
    'mv inc/deep old; mkdir inc/deep; rmdir inc/deep; mv old inc/deep; touch inc/new',
  ],
  ['a link to a folder', 'ln -sfn other current'],
  ['a link, there and back', 'ln -sfn other current; ln -sfn inc current'],
  ['a link behind a link', 'ln -sfn other second'],
  ['a folder that is searched before', 'mv early none; mv late early'],
  ['the header, by an older one', 'cp -p inc/deep/x.h old.h; mv other/deep/x.h inc/deep/x.h'],
  ['the header, by a link to another file', 'ln -f other/deep/x.h inc/deep/x.h'],
  ['a link to the header', 'ln -sfn other/deep/x.h x.h'],
];

function projectOfWays(t: TestContext): Project {
  const project = scriptedProject(t);
  const source = ['deep/x.h', 'via.h', 'plain.h', 'x.h'].map((name) => `#include "${name}"\n`).join('');
  project.write('src/a.c', source);
  for (const folder of ['inc', 'other']) {
    for (const name of ['deep/x.h', 'via.h']) project.write(`${folder}/${name}`, `int ${folder};\n`);
  }
  project.write('early/unrelated.h', '');
  project.write('late/plain.h', 'int late;\n');
  project.write('plain.h', 'int plain;\n');
  symlinkSync('inc', project.path('second'));
  symlinkSync('second', project.path('current'));
  symlinkSync('inc/deep/x.h', project.path('x.h'));
  project.write('first.c', '');
  settle();
  project.served(['/c', 'first.c']);
  return project;
}

const ARGUMENTS = ['/c', '/Iearly', '/Iinc', '/Icurrent', '/I.', 'src/a.c'];

for (const [index, [title, command]] of TURNED.entries()) {
  for (const delay of index % 3 === 0 ? ['', 'sleep 0.2; '] : ['']) {
    test(`nothing is stored if the path to a header changes while the compiler runs: ${title}${delay && ', later'}`, (t) => {
      const project = projectOfWays(t);
      const env = { SCRIPTED_WHILE_RUNNING: `${delay}${command}` };
      assert.equal(project.served(ARGUMENTS, { env }), 'miss');
      assert.equal(project.counters()['NotStored'], 1);
      settle();
      assert.equal(project.sameAsBare(ARGUMENTS, ['a.obj']), 'miss');
      assert.equal(project.sameAsBare(ARGUMENTS, ['a.obj']), 'hit');
    });
  }
}

test('nothing is stored in preprocessor mode if the path to a header changes between preprocessor and compiler, or later', (t) => {
  const turn = 'mv inc inc.old; mv other inc';
  for (const when of ['SCRIPTED_AFTER_PREPROCESSING', 'SCRIPTED_WHILE_RUNNING']) {
    const project = projectOfWays(t);
    project.set({ CLCACHE_NODIRECT: '1' });
    assert.equal(project.served(ARGUMENTS, { env: { [when]: turn } }), 'miss');
    assert.equal(project.counters()['NotStored'], 1, when);
  }
});

test('a compile is stored while files appear in the folders of its headers, and in those above', (t) => {
  const project = projectOfWays(t);
  const command = 'for f in . inc inc/deep early late src; do echo > $f/new; rm $f/new; mkdir $f/n; done';
  assert.equal(project.served(ARGUMENTS, { env: { SCRIPTED_WHILE_RUNNING: command } }), 'miss');
  assert.equal(project.served(ARGUMENTS), 'hit');
});

test('nothing is stored if the folder of the source changes while the compiler runs', (t) => {
  const project = projectOfWays(t);
  project.write('later/a.c', project.read('src/a.c'));
  project.write('later/plain.h', 'int later;\n');
  settle();
  const env = { SCRIPTED_WHILE_RUNNING: 'mv src s; mv later src' };
  assert.equal(project.served(ARGUMENTS, { env }), 'miss');
  assert.equal(project.counters()['NotStored'], 1);
  assert.equal(project.sameAsBare(ARGUMENTS, ['a.obj']), 'miss');
});

for (const [title, command] of [
  ['is written', 'echo "fun:g" > list'],
  ['is replaced by an older one', 'mv older list'],
  ['lies behind a link that is turned', 'ln -sf older list'],
] as const) {
  test(`nothing is stored if a file that an option names ${title} while the compiler runs`, (t) => {
    const compiler = join(temporaryFolder(t), 'clang-cl');
    const real = findClangCl().path;
    writeFileSync(
      compiler,
      `#!/bin/sh\n'${real}' "$@" || exit\ncase $* in *a.c) eval "$AFTERWARDS" ;; esac\n`,
    );
    chmodSync(compiler, 0o755);
    const project = new Project(t, compiler);
    project.write('a.c', 'int f(int *p, int i) { return p[i]; }\nint g(int *p, int i) { return p[i]; }\n');
    project.write('list', 'fun:f\n');
    project.write('older', 'fun:g\n');
    settle();
    const args = ['/c', '-fsanitize=address', '-fsanitize-ignorelist=list', 'a.c'];
    assert.equal(project.served(args, { env: { AFTERWARDS: command } }), 'miss');
    assert.equal(project.counters()['NotStored'], 1);
    project.remove('list');
    project.write('list', 'fun:f\n');
    settle();
    assert.equal(project.served(args), 'miss');
  });
}

test('a source and headers with a time in the future are cached', (t) => {
  const project = new Project(t);
  project.write('a.c', '#include "sub/x.h"\n#include "link.h"\n');
  project.write('sub/x.h', 'int x;\n');
  project.write('y.h', 'int y;\n');
  symlinkSync('y.h', project.path('link.h'));
  linkSync(project.path('y.h'), project.path('z.h'));
  const future = new Date('2035-01-01').getTime() / 1000;
  for (const name of ['a.c', 'sub/x.h', 'y.h', 'sub', '.']) project.date(name, future);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.counters()['NotStored'], 0);
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
  project.write('y.h', 'int z;\n');
  project.date('y.h', future);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('a header that gets a time in the future while the compiler runs keeps the result from being stored', (t) => {
  const project = projectOfWays(t);
  const command = 'echo "int other;" > inc/via.h; touch -d 2035-01-01 inc/via.h';
  assert.equal(project.served(ARGUMENTS, { env: { SCRIPTED_WHILE_RUNNING: command } }), 'miss');
  assert.equal(project.counters()['NotStored'], 1);
});
