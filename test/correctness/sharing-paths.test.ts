import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

const TREES = ['one', 'another tree'] as const;

/** The files of a copied tree. `@ONE@` is the first tree in both, as in text that was copied. */
function copiedTrees(project: Project, files: Readonly<Record<string, string>>): void {
  for (const tree of TREES) {
    for (const [name, text] of Object.entries(files)) {
      project.write(`${tree}/${name}`, text.replaceAll('@ONE@', project.path('one')));
    }
  }
  settle();
}

/** A text that names the first tree, and the arguments of its compile. */
const SPELLED: readonly (readonly [title: string, source: string, args?: readonly string[]])[] = [
  ['an include line', '#include "@ONE@/h.h"\nint n = N;\n'],
  ['an include line in angles', '#include <@ONE@/h.h>\nint n = N;\n'],
  ['an include line with a detour', '#include "@ONE@/../one/sub/../h.h"\nint n = N;\n'],
  ['a macro', '#define H "@ONE@/h.h"\n#include H\nint n = N;\n'],
  [
    'a macro of parts',
    '#define S(x) #x\n#define T(x) S(x)\n#define P @ONE@/h.h\n#include T(P)\nint n = N;\n',
  ],
  ['a macro of the line', '#include H\nint n = N;\n', ['/DH="@ONE@/h.h"']],
  ['a header that such a header includes', '#include "@ONE@/sub/outer.h"\nint n = N;\n'],
  ['a folder above', '#include <one/h.h>\nint n = N;\n', ['/I@ABOVE@']],
  ['a name beside the tree', '#include "../one/h.h"\nint n = N;\n'],
  ['a question', '#if __has_include("@ONE@/h.h")\nint n = 1;\n#else\nint n = 2;\n#endif\n'],
];

for (const [title, source, args = []] of SPELLED) {
  test(`a path of another tree in the text of a source keeps its meaning: ${title}`, (t) => {
    const project = new Project(t);
    copiedTrees(project, {
      's.c': source,
      'h.h': '#define N 1\n',
      'sub/h.h': '#define N 5\n',
      'sub/outer.h': '#include "../h.h"\n',
    });
    const compile = (tree: string) => {
      const env = { CLCACHE_BASEDIR: project.path(tree) };
      const words = args.map((word) =>
        word.replaceAll('@ONE@', project.path('one')).replaceAll('@ABOVE@', project.folder),
      );
      project.sameAsBare(['/c', ...words, 's.c'], [`${tree}/s.obj`], { cwd: tree, env });
    };
    for (const tree of [...TREES, ...TREES]) compile(tree);
    if (title === 'a question') project.remove('one/h.h');
    else project.write('one/h.h', '#define N 22\n');
    settle();
    compile('another tree');
    project.write('another tree/h.h', '#define N 33\n');
    settle();
    for (const tree of [...TREES, ...TREES]) compile(tree);
  });
}

test('a message that shows a source line with a path of the first tree is not changed for another tree', (t) => {
  const project = new Project(t);
  copiedTrees(project, {
    'message.c': '#pragma message("@ONE@/h.h")\nint n;\n',
    'shown.c': 'int n = sizeof("@ONE@/h.h"); int *m = n;\n',
    'plain.c': '#warning said\nint n;\n',
  });
  for (const name of ['message', 'shown', 'plain']) {
    for (const tree of TREES) {
      const env = { CLCACHE_BASEDIR: project.path(tree) };
      const args = [
        '/c',
        '/showIncludes',
        '/clang:-Wno-error=int-conversion',
        '--',
        `${project.path(tree)}/${name}.c`,
      ];
      const kind = project.sameAsBare(args, [], { cwd: tree, env });
      assert.equal(kind, name === 'plain' && tree !== 'one' ? 'hit' : 'miss', `${name} ${tree}`);
    }
  }
});

test('output that wraps or escapes paths is made by the compiler in each tree', (t) => {
  const project = new Project(t);
  copiedTrees(project, {
    'warn.c':
      '#include "inc/a_header.h"\n#warning said here, and long enough that it does not fit\nint n;\nint f(){ if (n = 1) return 2; return 3; }\n',
    'inc/a_header.h': 'struct s;\n',
  });
  for (const [more, outputs] of [
    [['/clang:-MD', '/clang:-MFwarn.d'], ['warn.d']],
    [['/clang:-MD', '/clang:-MFwarn.d', '/clang:-MT', '/clang:x'], ['warn.d']],
    [['-fmessage-length=60'], []],
    [['-fdiagnostics-parseable-fixits'], []],
    [[], []],
  ] as const) {
    for (const tree of TREES) {
      const env = { CLCACHE_BASEDIR: project.path(tree) };
      const args = ['/c', ...more, '--', `${project.path(tree)}/warn.c`];
      const kind = project.sameAsBare(
        args,
        ['warn.obj', ...outputs].map((name) => `${tree}/${name}`),
        { cwd: tree, env },
      );
      assert.equal(kind, more.length === 0 && tree !== 'one' ? 'hit' : 'miss', more.join(' '));
    }
  }
});

test('the rest of a working folder counts if a prefix map cuts off the base directory', (t) => {
  const project = new Project(t);
  copiedTrees(project, { 's.c': 'int f(int x) { return x; }\n', 'build/keep': '', 'other/keep': '' });
  for (const [tree, folder, expected] of [
    ['one', 'build', 'miss'],
    ['another tree', 'other', 'miss'],
    ['another tree', 'build', 'hit'],
  ] as const) {
    const root = project.path(tree);
    const cwd = `${tree}/${folder}`;
    const args = ['/c', '/clang:-g', `/clang:-ffile-prefix-map=${root}=.`, '--', `${root}/s.c`];
    const kind = project.sameAsBare(args, [`${cwd}/s.obj`], { cwd, env: { CLCACHE_BASEDIR: root } });
    assert.equal(kind, expected);
  }
});

test('a prefix map of the folder with a trailing separator is another map', (t) => {
  const project = new Project(t);
  copiedTrees(project, { 's.c': 'const char *f = __FILE__;\n' });
  for (const [tree, end] of [
    ['one', ''],
    ['another tree', '/'],
    ['one', '/'],
  ] as const) {
    const root = project.path(tree);
    const args = ['/c', `/clang:-fmacro-prefix-map=${root}${end}=.`, '--', `${root}/s.c`];
    project.sameAsBare(args, [`${tree}/s.obj`], { cwd: tree, env: { CLCACHE_BASEDIR: root } });
  }
});

test('a tree that is named by a link shows in messages with absolute names', (t) => {
  const project = new Project(t);
  copiedTrees(project, { 's.c': '#warning said\nint n;\n' });
  project.write('elsewhere/keep', '');
  for (const tree of TREES) symlinkSync(project.path(tree), project.path(`link to ${tree}`));
  for (const tree of ['one', 'link to one', 'another tree', 'link to another tree']) {
    const root = project.path(tree);
    const args = ['/c', '-fdiagnostics-absolute-paths', '--', `${root}/s.c`];
    project.sameAsBare(args, [], { cwd: 'elsewhere', env: { CLCACHE_BASEDIR: root } });
  }
});

test('words that are pasted are found in the preprocessed text', (t) => {
  const project = new Project(t);
  copiedTrees(project, {
    's.c': '#define J(a, b) a##b\n#define X(a, b) J(a, b)\nint n = sizeof(X(__FI, LE__));\n',
  });
  for (const tree of TREES) {
    const env = { CLCACHE_BASEDIR: project.path(tree), CLCACHE_NODIRECT: '1' };
    project.sameAsBare(['/c', '/showIncludes', '--', `${project.path(tree)}/s.c`], [`${tree}/s.obj`], {
      cwd: tree,
      env,
    });
  }
});
