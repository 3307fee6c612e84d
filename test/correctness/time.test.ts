import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { Project, scriptedProject, settle } from './helpers.ts';

/** The time changes every second, so that a stale hit shows an old time. */
const TIMES: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  options?: string,
])[] = [
  ['__TIME__ in the source', { 'a.c': 'const char *t = __TIME__;\n' }],
  ['__TIME__ in a header', { 'a.c': '#include "x.h"\n', 'x.h': 'const char *t = __TIME__;\n' }],
  ['__TIME__ over a continued line', { 'a.c': 'const char *t = __TI\\\nME__;\n' }],
  ['__TIME__ over a continued line of Windows', { 'a.c': 'const char *t = __TI\\\r\nME__;\r\n' }],
  [
    '__TIME__ from two parts',
    { 'a.c': '#define G(a, b) a##b\n#define H(a) G(__TI, a)\nconst char *t = H(ME__);\n' },
  ],
  ['__TIME__ in a macro of the command line', { 'a.c': 'const char *t = T;\n' }, '/DT=__TIME__'],
];

for (const [title, files, option] of TIMES) {
  test(`${title} never gives a stale hit`, (t) => {
    const project = new Project(t);
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    const args = ['/c', ...(option ? [option] : []), 'a.c'];
    // Only after the first compile is it known that a header uses the time.
    const runs = 'x.h' in files ? 3 : 2;
    const seen = new Set<string>();
    settle();
    for (let run = 0; run < runs; run++) {
      if (run > 0) settle(1050);
      const before = new Date();
      project.cached(args);
      const after = new Date();
      const time = /\d\d:\d\d:\d\d/.exec(project.read('a.obj').toString('latin1'))?.[0] ?? '';
      const possible = new Set<string>();
      for (let at = before.getTime() - 1000; at <= after.getTime() + 1000; at += 500) {
        if (at >= before.getTime() - 999) possible.add(new Date(at).toTimeString().slice(0, 8));
      }
      assert.ok(possible.has(time), `${time} at ${before.toISOString()}`);
      seen.add(time);
    }
    assert.equal(seen.size, runs);
  });
}

test('a source with __DATE__ is a hit on the same day', (t) => {
  const project = new Project(t);
  project.write('a.c', 'const char *d = __DATE__;\n');
  settle();
  project.served(['/c', 'a.c']);
  project.served(['/c', 'a.c']);
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
});

test('__TIMESTAMP__ follows the time of the file, not its content', (t) => {
  const project = new Project(t);
  project.write('a.c', '#include "x.h"\n');
  project.write('x.h', 'const char *s = __TIMESTAMP__;\n');
  project.date('x.h', 1_000_000_000);
  settle();
  project.served(['/c', 'a.c']);
  project.served(['/c', 'a.c']);
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
  project.date('x.h', 1_100_000_000);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});

test('a word that only looks like a time macro does not prevent direct mode', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int __TIMER__; /* __TIME__ */ int RUN_TIME__2;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
});

test('a changed file that the assembler reads never gives a stale hit', (t) => {
  const project = new Project(t);
  for (const directive of ['.incbin', '.include']) {
    project.write('a.c', `__asm__(".data\\n x: ${directive} \\"data.s\\"\\n");\n`);
    project.write('data.s', '.byte 1\n');
    settle();
    project.sameAsBare(['/c', 'a.c'], ['a.obj']);
    project.sameAsBare(['/c', 'a.c'], ['a.obj']);
    project.write('data.s', '.byte 2\n');
    settle();
    assert.notEqual(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit', directive);
  }
});

test('#import of a type library and #embed are not stored with cl', (t) => {
  const project = scriptedProject(t);
  for (const line of [
    '#import "x.tlb"',
    '#embed "x.bin"',
    '#using "x.dll"',
    'export module m;',
    'import m;',
  ]) {
    project.write('a.cpp', `${line}\nint x;\n`);
    settle();
    assert.equal(project.served(['/c', 'a.cpp']), 'miss', line);
    assert.equal(project.served(['/c', 'a.cpp']), 'miss', line);
  }
});

test('#pragma include_alias is followed', (t) => {
  const project = new Project(t, findClangCl().path, ['/Brepro']);
  project.write('a.c', '#pragma include_alias("x.h", "y.h")\n#include "x.h"\nint x = X;\n');
  project.write('y.h', '#define X 1\n');
  project.write('inc/y.h', '#define X 1\n');
  settle();
  for (let run = 0; run < 3; run++) project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']);
  project.write('y.h', '#define X 2\n');
  settle();
  assert.equal(project.sameAsBare(['/c', '/Iinc', 'a.c'], ['a.obj']), 'miss');
});

test('a header that clang-cl imports for another target than Windows is cached like others', (t) => {
  const project = new Project(t);
  project.write('a.c', '#import "x.h"\n#import "x.h"\nint x = X;\n');
  project.write('inc/x.h', '#define X 1\n');
  const args = ['/c', '/Iearly', '/Iinc', 'a.c'];
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  for (const name of ['inc/x.h', 'early/x.h']) {
    project.write(name, `#define X ${name.length}\n`);
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', name);
  }
});
