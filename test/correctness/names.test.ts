import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

test('a line of more than 32,767 characters, in nested response files, is cached', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a = D999;\n');
  const macros = Array.from({ length: 2000 }, (_, index) => `/DD${index}=${'1'.repeat(9)}${index % 10}`);
  project.write('inner.rsp', `\ufeff${macros.join('\r\n')}`);
  project.write('outer.rsp', '/c @inner.rsp\r\na.c');
  project.write('wide.rsp', Buffer.from('\ufeff/c @inner.rsp a.c', 'utf16le'));
  settle();
  assert.ok(macros.join(' ').length > 32_767);
  assert.equal(project.sameAsBare(['@outer.rsp'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['@wide.rsp'], ['a.obj']), 'hit');
  assert.equal(project.sameAsBare(['/c', ...macros, 'a.c'], ['a.obj']), 'hit');
  project.write('inner.rsp', macros.join('\n').replace('D999=1', 'D999=2'));
  assert.equal(project.sameAsBare(['@outer.rsp'], ['a.obj']), 'miss');
});

const NAMES = [
  'with blank',
  "qu'ote",
  'ümläut',
  '日本語 🎉',
  'a#b',
  'a$b',
  'a%PATH%b',
  'a.b.c',
  'a;b',
  '(a)',
];

for (const name of NAMES) {
  test(`a folder, a source and a header with unusual names are cached: ${name}`, (t) => {
    const project = new Project(t);
    project.write(`${name}/${name}.c`, `#include "${name}.h"\nint a = X;\n`);
    project.write(`inc ${name}/${name}.h`, '#pragma message("seen")\n#define X 1\n');
    const args = [
      '/c',
      '/showIncludes',
      '/clang:-MD',
      `/clang:-MF${name}.d`,
      `/Iinc ${name}`,
      `${name}/${name}.c`,
      `/Fo${name}.obj`,
    ];
    const outputs = [`${name}.obj`, `${name}.d`];
    settle();
    assert.equal(project.sameAsBare(args, outputs), 'miss');
    assert.equal(project.sameAsBare(args, outputs), 'hit');
    project.write(`inc ${name}/${name}.h`, '#define X 2\n');
    settle();
    assert.equal(project.sameAsBare(args, outputs), 'miss');
  });
}

test('names that begin like options are cached after --', (t) => {
  const project = new Project(t);
  for (const name of ['-a.c', '@a.c', 'Da.c']) project.write(name, 'int a;\n');
  settle();
  // clang-cl itself stumbles over these two.
  for (const source of ['-a.c', '@a.c']) {
    assert.deepEqual(project.cached(['/c', '--', source]), project.bare(['/c', '--', source]));
  }
  for (const [source, object] of [
    ['./-a.c', '-a.obj'],
    [project.path('Da.c'), 'Da.obj'],
    [project.path('-a.c'), '-a.obj'],
  ] as const) {
    assert.equal(project.sameAsBare(['/c', '--', source], [object]), 'miss', source);
    assert.equal(project.sameAsBare(['/c', '--', source], [object]), 'hit', source);
  }
});

test('macros with quotes and blanks in them are cached', (t) => {
  const project = new Project(t);
  project.write('a.c', 'const char *a = X;\n');
  settle();
  for (const value of ['"a b"', '"a\\\\b"', '"say \\"x\\""', '"#"', '"=="']) {
    assert.equal(project.sameAsBare(['/c', `/DX=${value}`, 'a.c'], ['a.obj']), 'miss', value);
    assert.equal(project.sameAsBare(['/c', `/DX=${value}`, 'a.c'], ['a.obj']), 'hit', value);
  }
});

test('headers of the same name in folders that differ only in case are told apart', (t) => {
  const project = new Project(t);
  project.write('a.c', '#include <x.h>\nint a = X;\n');
  project.write('inc/x.h', '#define X 1\n');
  project.write('INC/x.h', '#define X 2\n');
  settle();
  assert.equal(project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/IINC', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']), 'hit');
});
