import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { ModelProject } from '../helpers/model-compiler.ts';
import { Project, settle } from './helpers.ts';

/** Pairs of lines that mean different things, whose options are the same set. */
const ORDERS: readonly (readonly [one: string, other: string])[] = [
  ['/O1 /Od', '/Od /O1'],
  ['/DX=1 /UX', '/UX /DX=1'],
  ['/DX=1 /DX=2', '/DX=2 /DX=1'],
  ['/Ione /Itwo', '/Itwo /Ione'],
  ['/FIone/x.h /FItwo/x.h', '/FItwo/x.h /FIone/x.h'],
  ['/clang:-g /clang:-g0', '/clang:-g0 /clang:-g'],
  ['/J /clang:-fsigned-char', '/J /clang:-funsigned-char'],
  ['/Oy /Oy-', '/Oy- /Oy'],
  ['/DX=1', '/DX=1 /Ione /Itwo'],
];

const SOURCE = [
  '#ifdef __has_include',
  '#if __has_include(<x.h>)',
  '#include <x.h>',
  '#endif',
  '#endif',
  '#ifdef X',
  'int x = X;',
  '#endif',
  'int c = (char)-1 < 0;',
  'int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += i * i; return s; }',
  '',
].join('\n');

for (const [one, other] of ORDERS) {
  test(`the order of options counts as it does for the compiler: ${one}, ${other}`, (t) => {
    const project = new Project(t);
    project.write('a.c', SOURCE);
    project.write('one/x.h', 'int from_one;\n#undef X\n#define X 11\n');
    project.write('two/x.h', 'int from_two;\n#undef X\n#define X 22\n');
    settle();
    for (const expected of ['miss', 'hit']) {
      for (const line of [one, other]) {
        const kind = project.sameAsBare(['/c', ...line.split(' '), 'a.c'], ['a.obj']);
        if (expected === 'hit') assert.equal(kind, 'hit', line);
      }
    }
  });
}

test('the compiler’s choice of several /Fo is restored', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  settle();
  for (const line of ['/Foone.obj /Fotwo.obj', '/Fotwo.obj /Foone.obj', '/Foone.obj -o two.obj']) {
    project.remove('one.obj', 'two.obj');
    project.bare(['/c', ...line.split(' '), 'a.c']);
    const written = project.files().filter((name) => name.endsWith('.obj'));
    assert.equal(written.length, 1);
    project.remove(...written);
    project.served(['/c', ...line.split(' '), 'a.c']);
    assert.deepEqual(
      project.files().filter((name) => name.endsWith('.obj')),
      written,
      line,
    );
  }
});

/** Lines that mean the same to the compiler. */
const SAME: readonly string[] = [
  '/c /DA=1 /DB=2 /W3',
  '-c /DA=1 /DB=2 /W3',
  '/c -DA=1 /DB=2 /W3',
  '/c /DB=2 /DA=1 /W3',
  '/c /D A=1 /D B=2 /W3',
  '/W3 /DA=1 /DB=2 /c /Foa.obj',
  '/DA=1 /DB=2 /W3 /c /Fdx.pdb',
];

test('lines that differ in ways without effect share one key', (t) => {
  const project = new ModelProject(t);
  project.write('a.c', 'int a;\n');
  settle();
  assert.equal(project.served([...(SAME[0] ?? '').split(' '), 'a.c']), 'miss');
  for (const line of [...SAME, '/c /MP8 /DA=1 /DB=2 /W3']) {
    assert.equal(project.served([...line.split(' '), 'a.c']), 'hit', line);
  }
});

test('the order of macros counts if the object holds the command line', (t) => {
  const project = new Project(t, findClangCl().path, ['/Brepro', '/Z7']);
  project.set({ INCLUDE: undefined });
  project.write('a.c', 'int a;\n');
  settle();
  for (const line of ['/DA=1 /DB=2', '/DB=2 /DA=1', '/DA=1 /DB=2']) {
    const args = ['/c', ...line.split(' '), 'a.c'];
    assert.notEqual(project.sameAsBare(args, ['a.obj']), 'passed on');
  }
});
