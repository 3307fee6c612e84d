/** Unusual spellings in sources: what depends on them is never a stale hit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';
import { byOptions, inOneCall, type Row } from './in-one-call.ts';

interface Reading extends Row {
  /**
   * In preprocessor mode as well. The sources are read by the same code there, for which `source/scan.test.ts` has every
   * spelling: a few show that it is asked.
   */
  readonly isByText?: boolean;
}

/** The two ways in which calls are looked up, and the rows that are compiled in each. */
const MODES = [
  { mode: 'in direct mode', env: {}, rowsOf: (rows: readonly Reading[]) => rows },
  {
    mode: 'in preprocessor mode',
    env: { CLCACHE_NODIRECT: '1' },
    rowsOf: (rows: readonly Reading[]) => rows.filter(({ isByText }) => isByText),
  },
];

/** Assembler text that reads p.bin, which changes. */
const ASSEMBLED: readonly Reading[] = [
  {
    title: 'in strings that are joined',
    isByText: true,
    files: { 'a.c': 'asm(".globl foo\\nfoo:\\n.inc" "bin \\"p.bin\\"\\n");\n' },
  },
  { title: 'with a letter as a number', files: { 'a.c': 'asm("foo: .\\151ncbin \\"p.bin\\"");\n' } },
  { title: 'in capitals', files: { 'a.c': 'asm("foo: .INCBIN \\"p.bin\\"");\n' } },
  {
    title: 'from macros of two headers',
    isByText: true,
    files: {
      'a.c': '#include "x.h"\n#include "y.h"\nasm(X Y);\n',
      'x.h': '#define X "foo: .inc"\n',
      'y.h': '#define Y "bin \\"p.bin\\""\n',
    },
  },
  {
    title: 'from words that become a string',
    files: {
      'a.c': '#define S(x) T(x)\n#define T(x) #x\n#define J(a, b) S(a##b "p.bin")\nasm(J(.inc, bin));\n',
    },
  },
  {
    title: 'from a macro of the command line',
    files: { 'a.c': 'READ;\n' },
    options: ['-DREAD=asm("foo: .inc" "bin \\"p.bin\\"")'],
  },
  {
    title: 'by a macro of the assembler',
    files: { 'a.c': 'asm(".macro r x\\n.inc\\\\x \\"p.bin\\"\\n.endm\\nr bin");\n' },
  },
  { title: 'by an included file', files: { 'a.c': 'asm(".inc" "lude \\"p.bin\\"");\n' } },
];

for (const { mode, env, rowsOf } of MODES) {
  test(`a changed file that the assembler reads never gives a stale hit ${mode}`, async (t) => {
    for (const rows of byOptions(rowsOf(ASSEMBLED))) {
      const project = new Project(t);
      project.set(env);
      const { args, objects } = inOneCall(project, rows);
      project.write('p.bin', '.long 1\n');
      settle();
      project.cached(args);
      const first = objects.map((object) => project.read(object));
      project.write('p.bin', '.long 2\n');
      project.cached(args);
      for (const [index, { title }] of rows.entries()) {
        await t.test(title, () => {
          const second = project.read(objects[index] ?? '');
          assert.notDeepEqual(second, first[index], 'the compiler reads the file');
        });
      }
      const { CacheHits, CacheMisses } = project.counters();
      assert.deepEqual([CacheHits, CacheMisses], [0, 2 * rows.length]);
    }
  });
}

test('a member called incbin, a message about .include and plain assembler text are cached', (t) => {
  const project = new Project(t);
  project.write(
    'a.c',
    'struct s { int incbin; };\nint f(struct s s) { asm("nop" ::: "memory"); return s.incbin; }\n' +
      'const char *m = "see .include \\"x\\" and .incbin";\n',
  );
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
});

const THERE = 'int there;\n#else\nint missing;\n#endif\n';
/** Sources that ask whether n.h exists. */
const ASKING: readonly Reading[] = [
  { title: 'by an option', files: { 'a.c': `#if HAS("n.h")\n${THERE}` }, options: ['-DHAS=__has_include'] },
  { title: 'behind comments', files: { 'a.c': `#if __has_include /* so */ ( /* or */ "n.h" )\n${THERE}` } },
  {
    title: 'by a word that is pasted',
    files: { 'a.c': `#define H(x) __has_##x\n#if H(include)("n.h")\n${THERE}` },
  },
  { title: 'over a splice with a blank', files: { 'a.c': `#if __has_\\ \ninclude("n.h")\n${THERE}` } },
  {
    title: 'behind a quote in skipped text',
    files: { 'a.c': `#if 0\nit's /* this\n#endif\n#if __has_include("n.h")\n${THERE}` },
  },
];

test('a header that appears is noticed however __has_include asks for it', async (t) => {
  for (const rows of byOptions(ASKING)) {
    const project = new Project(t);
    const { args, objects, folders } = inOneCall(project, rows);
    const calls = (hits: number, misses: number) => {
      assert.equal(project.sameAsBare(args, objects), 'miss');
      assert.equal(project.sameAsBare(args, objects), 'hit');
      const { CacheHits, CacheMisses } = project.counters();
      assert.deepEqual([CacheHits, CacheMisses], [hits, misses]);
    };
    settle();
    calls(rows.length, rows.length);
    const missing = objects.map((object) => project.read(object));
    for (const folder of folders) project.write(`${folder}/n.h`, '');
    settle();
    calls(2 * rows.length, 2 * rows.length);
    for (const [index, { title }] of rows.entries()) {
      await t.test(title, () => assert.notDeepEqual(project.read(objects[index] ?? ''), missing[index]));
    }
  }
});

for (const line of [
  '#pragma GCC dependency "dep.txt"',
  '_Pragma("GCC dependency \\"dep.txt\\"")',
  '#pragma clang dependency "dep.txt"',
]) {
  test(`a changed time of a file that a pragma asks for never gives a stale hit: ${line}`, (t) => {
    const project = new Project(t);
    project.write('a.c', `${line}\nint x;\n`);
    project.write('dep.txt', '');
    project.date('dep.txt', 1_000_000_000);
    settle();
    assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
    project.remove('dep.txt', 'a.obj');
    assert.equal(project.cached(['/c', 'a.c']).status, 1);
  });
}

/** Sources that use the time of day. */
const TIMED: readonly Reading[] = [
  {
    title: 'behind a quote in skipped text',
    isByText: true,
    files: { 'a.c': "#if 0\ndon't use /* here\n#endif\nconst char *t = __TIME__; /* x */\n" },
  },
  {
    title: 'behind #error in skipped text',
    files: { 'a.c': "#ifdef N\n#error don't /* do\n#endif\nconst char *t = __TIME__; /* x */\n" },
  },
  { title: 'behind #warning', files: { 'a.c': '#warning no /* end\nconst char *t = __TIME__; /* x */\n' } },
  {
    title: 'on a line that a carriage return begins',
    files: { 'a.c': 'int a; // c\rconst char *t = __TIME__;' },
  },
  { title: 'over a splice with a blank', files: { 'a.c': 'const char *t = __TI\\ \nME__;\n' } },
  {
    title: 'over a trigraph',
    files: { 'a.c': 'const char *t = __TI??/\nME__;\n' },
    options: ['/clang:-trigraphs'],
  },
  {
    title: 'pasted around an argument',
    isByText: true,
    files: { 'a.c': '#define X(n) __##n##__\nconst char *t = X(TIME);\n' },
  },
  {
    title: 'pasted from letters',
    files: { 'a.c': '#define P(a,b,c,d,e,f) a##b##c##d##e##f\nconst char *t = P(__,T,I,M,E,__);\n' },
  },
  {
    title: 'pasted by a macro of the command line',
    files: { 'a.c': 'const char *t = X(TIME);\n' },
    options: ['-DX(n)=__##n##__'],
  },
];

for (const { mode, env, rowsOf } of MODES) {
  test(`the time of day never gives a stale hit ${mode}`, async (t) => {
    const groups = byOptions(rowsOf(TIMED)).map((rows) => {
      const project = new Project(t);
      project.set(env);
      return { rows, project, times: rows.map((): string[] => []), ...inOneCall(project, rows) };
    });
    // The second call is the first one that knows about a pasted time.
    for (const run of [1, 2, 3]) {
      settle(run === 1 ? undefined : 1050);
      for (const { project, args, objects, times } of groups) {
        project.cached(args);
        for (const [index, object] of objects.entries()) {
          times[index]?.push(/\d\d:\d\d:\d\d/.exec(project.read(object).toString('latin1'))?.[0] ?? '');
        }
      }
    }
    for (const { rows, times } of groups) {
      for (const [index, { title }] of rows.entries()) {
        await t.test(title, () => assert.equal(new Set(times[index]).size, 3, times[index]?.join(' ')));
      }
    }
  });
}

test('pasting that forms no word that matters does not prevent direct mode', (t) => {
  const project = new Project(t);
  project.write(
    'a.c',
    '#define CAT(a, b) a##b\n#define T_(n) __##n##_t\n#define STR(x) #x\n' +
      'int CAT(__TI, MER), T_(TIME); const char *s = STR(TIME __);\n',
  );
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
});

test('assembler text in C is seen behind what only C++ reads as the start of a raw string', (t) => {
  const project = new Project(t);
  project.write(
    'a.c',
    '#pragma nothing R"x(\n__asm(".incbin \\"data.bin\\"");\n#pragma nothing R"x(\nint a;\n',
  );
  project.write('data.bin', 'one');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  project.write('data.bin', 'two');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
});
