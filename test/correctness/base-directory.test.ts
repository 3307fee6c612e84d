import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { Project, settle } from './helpers.ts';

/** Two trees with the same files, and a build's call that names everything by absolute paths. */
function twoTrees(project: Project, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) project.write(`one/${name}`, text);
  cpSync(project.path('one'), project.path('another tree'), { recursive: true });
  settle();
}

const FILES = {
  'src/a.c': '#include "x.h"\nint a = X;\n',
  'inc/x.h': '#pragma message("old")\n#define X 1\n',
  'build/keep': '',
};

function callIn(project: Project, tree: string, more: readonly string[] = []): readonly string[] {
  return ['/c', '/showIncludes', ...more, `/I${project.path(tree)}/inc`, `${project.path(tree)}/src/a.c`];
}

test('a hit from another tree names the paths of this one: notes, diagnostics and dependency files', (t) => {
  const project = new Project(t);
  twoTrees(project, FILES);
  for (const [tree, expected] of [
    ['one', 'miss'],
    ['another tree', 'hit'],
    ['one', 'hit'],
  ] as const) {
    const args = ['/c', '/showIncludes', '/clang:-MD', '/clang:-MFa.d', '/I../inc', '/FC', '../src/a.c'];
    const options = { cwd: `${tree}/build`, env: { CLCACHE_BASEDIR: project.path(tree) } };
    const outputs = [`${tree}/build/a.obj`, `${tree}/build/a.d`];
    assert.equal(project.sameAsBare(args, outputs, options), expected, tree);
  }
});

test('absolute paths do not prevent sharing if the object does not hold them', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  twoTrees(project, FILES);
  for (const [tree, expected] of [
    ['one', 'miss'],
    ['another tree', 'hit'],
  ] as const) {
    const options = { cwd: `${tree}/build`, env: { CLCACHE_BASEDIR: project.path(tree) } };
    assert.equal(project.sameAsBare(callIn(project, tree), [`${tree}/build/a.obj`], options), expected, tree);
  }
});

/** Constructs that put the tree's own path into the object. */
const EMBEDDED: readonly (readonly [title: string, source: string, options: readonly string[]])[] = [
  ['debug information', 'int a;\n', ['/clang:-g']],
  ['compressed debug information', 'int a;\n', ['/clang:-g', '/clang:-gz']],
  ['__FILE__', 'const char *f = __FILE__;\n', []],
  ['the length of __FILE__', 'int n = sizeof(__FILE__);\n', []],
  ['one letter of __FILE__', 'char f(void) { return __FILE__[sizeof(__FILE__) / 2]; }\n', ['/O2']],
  ['the source’s name in bitcode', 'int a;\n', ['-flto']],
  ['__FILE__ in bitcode', 'const char *f = __FILE__;\n', ['-flto']],
  ['coverage', 'int f(void) { return 1; }\n', ['-fprofile-instr-generate', '-fcoverage-mapping']],
];

for (const [title, source, options] of EMBEDDED) {
  test(`another tree never gets an object that would differ: ${title}`, (t) => {
    const project = new Project(t);
    twoTrees(project, { 'a.c': source });
    for (const tree of ['one', 'another tree', 'one']) {
      const env = { CLCACHE_BASEDIR: project.path(tree) };
      const args = ['/c', ...options, `${project.path(tree)}/a.c`];
      assert.notEqual(project.sameAsBare(args, [`${tree}/a.obj`], { cwd: tree, env }), 'passed on');
    }
  });
}

test('a result is bound if a header from outside computes from __FILE__ of the source, and shared if assert.h does', (t) => {
  const project = new Project(t);
  twoTrees(project, {
    'a.c': '#include <identity.h>\nint n = IDENTITY;\n',
    'b.c': '#include <assert.h>\nint n;\n',
  });
  project.write('elsewhere/identity.h', '#define IDENTITY sizeof(__FILE__)\n');
  settle();
  for (const [tree, second] of [
    ['one', 'miss'],
    ['another tree', 'hit'],
  ] as const) {
    const options = { cwd: tree, env: { CLCACHE_BASEDIR: project.path(tree) } };
    const call = (name: string) => [
      '/c',
      `/I${project.path('elsewhere')}`,
      `${project.path(tree)}/${name}.c`,
    ];
    assert.equal(project.sameAsBare(call('a'), [`${tree}/a.obj`], options), 'miss');
    assert.equal(project.sameAsBare(call('b'), [`${tree}/b.obj`], options), second);
  }
});

test('debug information that names no place is shared between trees', (t) => {
  const project = new Project(t);
  twoTrees(project, { 'a.c': '#include "x.h"\n', 'x.h': 'int a;\n' });
  for (const [tree, expected] of [
    ['one', 'miss'],
    ['another tree', 'hit'],
  ] as const) {
    const env = { CLCACHE_BASEDIR: project.path(tree) };
    const args = ['/c', '/clang:-g', '/clang:-fdebug-compilation-dir=.', 'a.c'];
    assert.equal(project.sameAsBare(args, [`${tree}/a.obj`], { cwd: tree, env }), expected);
  }
});

test('several base directories work, and so does a build folder apart from the sources', (t) => {
  const project = new Project(t);
  for (const tree of ['one', 'two']) {
    project.write(`${tree}-src/a.c`, '#include "x.h"\nint a = X;\n');
    project.write(`${tree}-lib/x.h`, '#pragma message("old")\n#define X 1\n');
    project.write(`${tree}-build/keep`, '');
  }
  settle();
  for (const [tree, expected] of [
    ['one', 'miss'],
    ['two', 'hit'],
  ] as const) {
    const base = ['src', 'lib', 'build'].map((part) => project.path(`${tree}-${part}`)).join(';');
    const args = ['/c', '/showIncludes', `/I../${tree}-lib`, `../${tree}-src/a.c`];
    const whole = [
      '/c',
      '/showIncludes',
      `/I${project.path(`${tree}-lib`)}`,
      `${project.path(`${tree}-src`)}/a.c`,
    ];
    const options = { cwd: `${tree}-build`, env: { CLCACHE_BASEDIR: base } };
    // Relative spellings that name the tree make another call in each tree. Absolute ones make the same.
    assert.notEqual(project.sameAsBare(args, [`${tree}-build/a.obj`], options), 'passed on');
    const kind = project.sameAsBare(whole, [`${tree}-build/a.obj`], options);
    if (expected === 'miss') assert.equal(kind, 'miss');
  }
});

test('a folder whose name only begins like the base directory is unchanged', (t) => {
  const project = new Project(t);
  project.set({ CLCACHE_BASEDIR: project.path('tree') });
  const shared = project.path('tree2');
  project.write('tree2/x.h', '#pragma message("old")\n');
  project.write('tree/a.c', '#include "x.h"\n');
  settle();
  const args = ['/c', '/showIncludes', `/I${shared}`, 'a.c'];
  assert.equal(project.sameAsBare(args, ['tree/a.obj'], { cwd: 'tree' }), 'miss');
  assert.equal(project.sameAsBare(args, ['tree/a.obj'], { cwd: 'tree' }), 'hit');
  cpSync(project.path('tree'), project.path('other'), { recursive: true });
  const other = { cwd: 'other', env: { CLCACHE_BASEDIR: project.path('other') } };
  assert.notEqual(project.sameAsBare(args, ['other/a.obj'], other), 'passed on');
});
