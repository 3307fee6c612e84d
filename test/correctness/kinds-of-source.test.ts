import assert from 'node:assert/strict';
import { extname } from 'node:path';
import { type TestContext, test } from 'node:test';
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
  });
}

/** A source of each kind, which one call compiles: to start a program takes longer than such a source. */
const EACH: readonly (readonly [name: string, text: string])[] = Object.entries(CACHED).map(
  ([name, text], index) => [`s${index}${extname(name)}`, text],
);
const SOURCES = EACH.map(([name]) => name);
const OBJECTS = EACH.map((_, index) => `s${index}.obj`);

/** A project with all of them, whose calls must be hits or misses for each. */
function projectOfEach(t: TestContext, env: Readonly<Record<string, string>>) {
  const project = new Project(t);
  project.set(env);
  for (const [name, text] of EACH) project.write(name, text);
  settle();
  const args = ['/c', ...SOURCES];
  const isNow = (hits: number, misses: number) => {
    const { CacheHits, CacheMisses } = project.counters();
    assert.deepEqual([CacheHits, CacheMisses], [hits * EACH.length, misses * EACH.length]);
  };
  const change = (edit: (text: string) => string) => {
    for (const [name, text] of EACH) project.write(name, edit(text));
    settle();
  };
  return { project, args, isNow, change };
}

test('a source of any kind that changed never gets the result of before', (t) => {
  const { project, args, isNow, change } = projectOfEach(t, {});
  assert.equal(project.served(args), 'miss');
  change((text) => `${text}\n`);
  assert.equal(project.served(args), 'miss');
  isNow(0, 2);
});

test('a macro of the line that a source for the assembler asks for is part of its key', (t) => {
  const project = new Project(t);
  project.write('a.S', CACHED['a.S'] ?? '');
  settle();
  assert.equal(project.served(['/c', 'a.S']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/DMORE', 'a.S'], ['a.obj']), 'miss');
});

test('in preprocessor mode, a source of any kind never gets the result of another one', (t) => {
  const { project, args, isNow, change } = projectOfEach(t, { CLCACHE_NODIRECT: '1' });
  assert.equal(project.sameAsBare(args, OBJECTS), 'miss');
  assert.equal(project.sameAsBare(args, OBJECTS), 'hit');
  change((text) => text.replaceAll('f', 'h'));
  assert.equal(project.served(args), 'miss');
  isNow(1, 2);
});

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
const READING: readonly (readonly [suffix: string, text: string])[] = [
  ['s', '.incbin "part"\n'],
  ['asm', '.INCLUDE "part"\n'],
  ['s', '.macro m d\n.inc\\d "part"\n.endm\nm bin\n'],
  ['S', '.incbin "part"\n'],
  ['S', '#define READ .incbin\nREAD "part"\n'],
  ['S', '#define GLUE(a, b) a##b\n.GLUE(inc,bin) "part"\n'],
  ['S', '#include "h.h"\n'],
  ['i', '#include "part"\n'],
];

test('a file that the assembler reads keeps the result from being stored', (t) => {
  const project = new Project(t);
  project.write('h.h', '.incbin "part"\n');
  const sources = READING.map(([suffix], index) => `r${index}.${suffix}`);
  for (const [index, [, text]] of READING.entries()) project.write(sources[index] ?? '', text);
  for (const part of ['/**/\n', '/* */\n\n']) {
    project.write('part', part);
    settle();
    assert.equal(project.served(['/c', ...sources]), 'miss');
  }
  const { CacheHits, CacheMisses, CacheEntries } = project.counters();
  assert.deepEqual([CacheHits, CacheMisses, CacheEntries], [0, 2 * READING.length, 0]);
});

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

test('debug information of sources of all kinds names the folder in which it was made', (t) => {
  const project = new Project(t);
  const sources = ['s.s', 'S.S', 'i.i', 'm.m'];
  const objects = sources.map((name) => `${name.slice(0, 1)}.obj`);
  for (const folder of ['one', 'two']) {
    for (const name of sources) project.write(`${folder}/${name}`, CACHED[`a${name.slice(1)}`] ?? '');
  }
  settle();
  for (const cwd of ['one', 'two', 'one', 'two']) {
    const outputs = objects.map((name) => `${cwd}/${name}`);
    project.sameAsBare(['/c', '/clang:-g', ...sources], outputs, { cwd });
  }
});
