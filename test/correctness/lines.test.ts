import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

const NO_DIRECT = { CLCACHE_NODIRECT: '1' };

/** Sources whose object shows the places of their lines, and the options for that. */
const TELLING: readonly (readonly [title: string, source: string, options: readonly string[]])[] = [
  ['debug information', 'int f(void) { return 1; }\n', ['/clang:-g']],
  ['line tables', 'int f(void) { return 1; }\n', ['-gline-tables-only']],
  ['__LINE__', 'int x = __LINE__;\n', []],
  ['__builtin_LINE', 'int x = __builtin_LINE();\n', []],
  ['a sanitizer', 'int f(int a, int b) { return a + b; }\n', ['-fsanitize=undefined']],
  ['a warning', 'int f(int n) { int m; return n; }\n', ['/W4']],
];

for (const [title, source, options] of TELLING) {
  test(`in preprocessor mode, moved lines are a miss if the result shows them: ${title}`, (t) => {
    const project = new Project(t);
    project.set(NO_DIRECT);
    project.write('a.c', source);
    const args = ['/c', ...options, 'a.c'];
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write('a.c', `\n// a comment\n${source}`);
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  });
}

test('in preprocessor mode, equal text from equal files is a hit', (t) => {
  const project = new Project(t);
  project.set(NO_DIRECT);
  project.write('a.c', '#if __has_include("n.h")\n#endif\nint f(void) { return 1; }\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
});

test('in preprocessor mode, lambdas that moved are told apart by the place in their names', (t) => {
  const project = new Project(t);
  project.set(NO_DIRECT);
  const source =
    'template <class T> const char *n(T) { return __PRETTY_FUNCTION__; }\nconst char *f() { return n([] {}); }\n';
  project.write('a.cpp', source);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.cpp'], ['a.obj']), 'miss');
  project.write('a.cpp', `\n// a comment\n${source}`);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.cpp'], ['a.obj']), 'miss');
});
/** Two sources with the same preprocessed text, of which only the second makes the compiler warn. */
const WARNINGS: readonly (readonly [title: string, quiet: string, loud: string])[] = [
  ['#warning', 'int x;\n', '#warning "old"\nint x;\n'],
  ['a macro defined twice', '#define A 1\nint x;\n', '#define A 1\n#define A 2\nint x;\n'],
  ['a comment in a comment', '/* one */ int x;\n', '/* one /* two */ int x;\n'],
];

for (const [title, quiet, loud] of WARNINGS) {
  test(`in preprocessor mode, a warning of the preprocessor is not lost: ${title}`, (t) => {
    const project = new Project(t);
    project.set(NO_DIRECT);
    project.write('a.c', quiet);
    const args = ['/c', '/W4', 'a.c'];
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    project.write('a.c', loud);
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  });
}

test('in preprocessor mode, a header that is no longer a system header gives its warnings again', (t) => {
  const project = new Project(t);
  project.set(NO_DIRECT);
  project.write('a.c', '#include <x.h>\n');
  project.write('inc/x.h', 'static int f(int n) { int m; return n; }\nint (*g)(int) = f;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', '/W4', '/clang:-isysteminc', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/W4', '/Iinc', 'a.c'], ['a.obj']), 'miss');
});

test('in preprocessor mode, a folder that only the recorded command line names is part of the key', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  project.set({ ...NO_DIRECT, INCLUDE: undefined });
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', '/Z7', '/Ione', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Z7', '/Itwo', 'a.c']), 'miss');
  assert.equal(project.served(['/c', '/Z7', '/Ione', 'a.c']), 'hit');
});

test('in preprocessor mode, lines of a raw string that look like line markers are text', (t) => {
  const project = new Project(t);
  project.set(NO_DIRECT);
  settle();
  const objects = ['# 1 "x"\n', '# 2 "x"\n', '\n', '\n\n'].map((lines) => {
    project.write('a.cpp', `extern const char s[] = R"(\n${lines})";\n`);
    settle();
    assert.equal(project.sameAsBare(['/c', 'a.cpp'], ['a.obj']), 'miss');
    return project.read('a.obj').toString('latin1');
  });
  assert.equal(new Set(objects).size, 4);
});

test('in preprocessor mode, a warning about where a header was searched is not lost', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  project.set({ ...NO_DIRECT, INCLUDE: undefined });
  project.write('a.c', '#include "last/deep/c.h"\nint a;\n');
  project.write('last/deep/c.h', '#if __has_include("x.h")\n#endif\n');
  project.write('x.h', '');
  settle();
  const args = ['/c', '/W4', '/Iearly', 'a.c'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  project.write('early/x.h', '');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});
