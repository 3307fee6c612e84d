import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

const C = 'int f(void) { return 1; }\n';
const ASSEMBLER = '.globl f\nf:\n  ret\n';

/** Sources that are cached, by their names. */
const CACHED: Readonly<Record<string, string>> = {
  'a.C': 'class A {}; int f() { return 1; }\n',
  'a.m': `@class A;\n${C}`,
  'a.mm': `@class A; class B {};\n${C}`,
  'a.M': `@class A; class B {};\n${C}`,
  'a.i': `# 1 "gone.c"\n${C}`,
  'a.ii': `# 1 "gone.cpp"\nclass A {};\n${C}`,
  'a.mi': `# 1 "gone.m"\n@class A;\n${C}`,
  'a.mii': `# 1 "gone.mm"\n@class A; class B {};\n${C}`,
  'a.s': ASSEMBLER,
  'a.asm': ASSEMBLER,
  'a.S': `#define NAME f\n.globl NAME\nNAME:\n#ifdef MORE\n nop\n#endif\n ret\n`,
};

for (const [name, text] of Object.entries(CACHED)) {
  test(`clang-cl's ${name} is cached`, (t) => {
    const project = new Project(t);
    project.write(name, text);
    settle();
    const args = ['/c', '/showIncludes', name];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write(name, `${text}\n`);
    settle();
    assert.equal(project.served(args), 'miss');
    assert.equal(project.sameAsBare(['/c', '/DMORE', name], ['a.obj']), 'miss');
  });
}

for (const [name, text] of Object.entries(CACHED)) {
  test(`in preprocessor mode, clang-cl's ${name} never gets the result of another source`, (t) => {
    const project = new Project(t);
    project.set({ CLCACHE_NODIRECT: '1' });
    project.write(name, text);
    settle();
    assert.equal(project.sameAsBare(['/c', name], ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(['/c', name], ['a.obj']), 'hit');
    project.write(name, text.replaceAll('f', 'h'));
    settle();
    assert.equal(project.served(['/c', name]), 'miss');
  });
}

test('a listing that clang-cl leaves between its steps is restored if the line names the object', (t) => {
  const project = new Project(t);
  project.write('a.S', '#define NAME f\n.globl NAME\nNAME:\n');
  project.write('b.c', C);
  settle();
  for (const env of [{}, { CLCACHE_NODIRECT: '1' }]) {
    project.set(env);
    const args = ['/c', '/Fox.obj', 'a.S'];
    assert.equal(project.sameAsBare(args, ['x.obj', 'a.asm']), 'miss');
    assert.equal(project.sameAsBare(args, ['x.obj', 'a.asm']), 'hit');
  }
  const args = ['/c', '/Fox.obj', '-via-file-asm', 'b.c'];
  project.set({ CLCACHE_NODIRECT: undefined });
  assert.equal(project.sameAsBare(args, ['x.obj', 'b.asm']), 'miss');
  assert.equal(project.sameAsBare(args, ['x.obj', 'b.asm']), 'hit');
});

test('an option that one source uses and a later one does not gives no warning', (t) => {
  const project = new Project(t);
  project.write('h.h', 'int h;\n');
  project.write('a.c', C);
  project.write('b.s', '.globl b\nb:\n');
  settle();
  const args = ['/c', '/FIh.h', '/FA', 'a.c', 'b.s'];
  for (const expected of ['miss', 'hit']) {
    assert.equal(project.sameAsBare(args, ['a.obj', 'a.asm', 'b.obj']), expected);
  }
});

test('a source for the assembler is a miss if a header changes, and if one appears that would be found first', (t) => {
  const project = new Project(t);
  project.write('inc/h.h', '#define N 1\n');
  project.write('a.S', '#include "h.h"\n.byte N\n');
  project.write('first/other.h', '');
  settle();
  const args = ['/c', '/Ifirst', '/Iinc', 'a.S'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  project.write('inc/h.h', '#define N 2\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  project.write('first/h.h', '#define N 3\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
});

/** Text that makes the assembler read `part`. A missed change of `part` would be a stale hit. */
const READING: readonly (readonly [name: string, text: string])[] = [
  ['a.s', '.incbin "part"\n'],
  ['a.asm', '.INCLUDE "part"\n'],
  ['a.s', '.macro m d\n.inc\\d "part"\n.endm\nm bin\n'],
  ['a.S', '.incbin "part"\n'],
  ['a.S', '#define READ .incbin\nREAD "part"\n'],
  ['a.S', '#define GLUE(a, b) a##b\n.GLUE(inc,bin) "part"\n'],
  ['a.S', '#include "h.h"\n'],
  ['a.i', '#include "part"\n'],
];

for (const [name, text] of READING) {
  test(`a file that the assembler reads keeps the result from being stored: ${name} ${text.trim()}`, (t) => {
    const project = new Project(t);
    project.write('h.h', '.incbin "part"\n');
    project.write('part', '/**/\n');
    project.write(name, text);
    settle();
    assert.equal(project.served(['/c', name]), 'miss');
    project.write('part', '/* */\n\n');
    settle();
    assert.equal(project.served(['/c', name]), 'miss');
  });
}

test('a source of a kind that is not cached is compiled with the others that are', (t) => {
  const project = new Project(t);
  project.write('a.c', C);
  project.write('b.ll', 'define i32 @g() {\n  ret i32 1\n}\n');
  project.write('d.C', 'int h() { return 2; }\n');
  settle();
  const args = ['/c', 'a.c', 'b.ll', 'd.C'];
  const outputs = ['a.obj', 'b.obj', 'd.obj'];
  assert.equal(project.sameAsBare(args, outputs), 'miss');
  assert.equal(project.sameAsBare(args, outputs), 'hit');
  const { CacheHits, CallsWithUnsupportedOption } = project.counters();
  assert.deepEqual([CacheHits, CallsWithUnsupportedOption], [2, 2]);
  project.write('b.ll', 'nonsense\n');
  const failed = project.cached(args);
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /nonsense/);
});

for (const name of ['a.s', 'a.S', 'a.i', 'a.m']) {
  test(`debug information of ${name} names the folder in which it was made`, (t) => {
    const project = new Project(t);
    for (const folder of ['one', 'two']) project.write(`${folder}/${name}`, CACHED[name] ?? '');
    settle();
    for (const cwd of ['one', 'two', 'one', 'two']) {
      project.remove(`${cwd}/a.obj`);
      const args = ['/c', '/clang:-g', name];
      project.bare(args, { cwd });
      const bare = project.read(`${cwd}/a.obj`);
      project.remove(`${cwd}/a.obj`);
      project.served(args, { cwd });
      assert.ok(project.read(`${cwd}/a.obj`).equals(bare), cwd);
    }
  });
}
