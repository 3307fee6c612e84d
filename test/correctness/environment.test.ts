import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { findClangCl } from '../helpers/compilers.ts';
import { ModelProject } from '../helpers/model-compiler.ts';
import { Project, settle } from './helpers.ts';

const NUMBER = '#ifndef X\n#define X 0\n#endif\nint x = X;\n';
const HEADER = '#include <x.h>\nint x = X;\n';

/** A variable and two values for it, which make different objects. */
const VARIABLES: readonly (readonly [name: string, one: string, two: string, source: string])[] = [
  ['CL', '/DX=1', '/DX=2', NUMBER],
  ['_CL_', '/DX#1', '/DX#2', NUMBER],
  ['INCLUDE', 'one', 'two', HEADER],
  ['CPATH', 'one', 'two', HEADER],
  ['C_INCLUDE_PATH', 'one', 'two', HEADER],
  ['CPLUS_INCLUDE_PATH', 'one', 'two', HEADER],
  ['EXTERNAL_INCLUDE', 'one', 'two', HEADER],
];

for (const [name, one, two, source] of VARIABLES) {
  test(`${name} is part of the key`, (t) => {
    const project = new Project(t, findClangCl().path, ['/Brepro']);
    project.set({ INCLUDE: undefined });
    const file = name === 'CPLUS_INCLUDE_PATH' ? 'a.cpp' : 'a.c';
    project.write(file, source);
    project.write('one/x.h', '#define X 1\n');
    project.write('two/x.h', '#define X 2\n');
    settle();
    const args = ['/c', file];
    const first = { env: { [name]: one } };
    const second = { env: { [name]: two } };
    assert.equal(project.sameAsBare(args, ['a.obj'], first), 'miss');
    const object = project.read('a.obj');
    assert.equal(project.sameAsBare(args, ['a.obj'], first), 'hit');
    assert.equal(project.served(args, second), 'miss');
    assert.notDeepEqual(project.read('a.obj'), object);
    assert.equal(project.sameAsBare(args, ['a.obj'], first), 'hit');
  });
}

/**
 * Variables that some version of clang reads, perhaps for some target. Two values are two questions, whatever this
 * version does.
 */
const CLANG_READS = `VCToolsVersion WindowsSdkDir WindowsSDKVersion UCRTVersion UniversalCRTSdkDir SOURCE_DATE_EPOCH
  VSLANG OBJC_INCLUDE_PATH OBJCPLUS_INCLUDE_PATH COMPILER_PATH GCC_EXEC_PREFIX CLANG_NO_DEFAULT_CONFIG SDKROOT
  MACOSX_DEPLOYMENT_TARGET IPHONEOS_DEPLOYMENT_TARGET TVOS_DEPLOYMENT_TARGET WATCHOS_DEPLOYMENT_TARGET`;

test('clang-cl is asked again only if a variable changes that some clang reads', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  project.set({ INCLUDE: undefined });
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  for (const name of CLANG_READS.split(/\s+/)) {
    const env = { [name]: '1' };
    assert.equal(project.served(['/c', 'a.c'], { env }), 'miss', name);
    assert.equal(project.served(['/c', 'a.c'], { env }), 'hit', name);
  }
  assert.equal(project.served(['/c', 'a.c'], { env: { UNRELATED: '1' } }), 'hit');
});

test('a variable that /external:env names is part of the key', (t) => {
  const project = new ModelProject(t);
  project.write('a.c', 'int x;\n');
  const args = ['/c', '/external:env:MORE', 'a.c'];
  settle();
  assert.equal(project.served(args, { env: { MORE: 'one' } }), 'miss');
  assert.equal(project.served(args, { env: { MORE: 'one' } }), 'hit');
  assert.equal(project.served(args, { env: { MORE: 'two' } }), 'miss');
});

for (const name of ['INCLUDE', 'EXTERNAL_INCLUDE', 'SOURCE_DATE_EPOCH', 'VSLANG']) {
  test(`cl is asked again only if ${name} changes`, (t) => {
    const project = new ModelProject(t);
    project.write('a.c', 'int x;\n');
    settle();
    const values = name === 'VSLANG' ? ['1033', '1031'] : ['1', '2'];
    for (const expected of ['miss', 'hit']) {
      for (const value of values) {
        assert.equal(project.served(['/c', 'a.c'], { env: { [name]: value } }), expected, value);
      }
    }
    assert.equal(project.served(['/c', 'a.c'], { env: { [name]: values[0], UNRELATED: '1' } }), 'hit');
  });
}

test('INCLUDE is not part of the key with /X', (t) => {
  const project = new ModelProject(t);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.served(['/c', '/X', 'a.c'], { env: { INCLUDE: 'one' } }), 'miss');
  assert.equal(project.served(['/c', '/X', 'a.c'], { env: { INCLUDE: 'two' } }), 'hit');
});

test('VS_UNICODE_OUTPUT never reaches the compiler, not even empty', (t) => {
  const project = new ModelProject(t);
  project.write('a.c', 'int x;\n');
  for (const args of [
    ['/c', 'a.c'],
    ['/c', '/ZI', 'a.c'],
  ]) {
    for (const value of ['', '1234']) {
      project.remove('a.obj', 'cache');
      settle();
      assert.equal(project.cached(args, { env: { VS_UNICODE_OUTPUT: value } }).stdout, 'a.c\r\n');
    }
  }
});

test('a call whose messages go to the pipe of SARIF_OUTPUT_PIPE is the compiler’s, and no question sends any', (t) => {
  const project = new ModelProject(t);
  const log = project.path('variable');
  project.write('a.c', 'int x;\n');
  settle();
  const env = { SARIF_OUTPUT_PIPE: '420', MODEL_SARIF_LOG: log };
  for (const round of [1, 2]) {
    assert.equal(project.served(['/c', 'a.c'], { env }), 'passed on', `round ${round}`);
    assert.equal(project.read('variable').toString(), '420');
    project.remove('variable');
  }
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  assert.equal(project.served(['/c', 'a.c']), 'hit');
});

test('CL and _CL_ reach the compiler once', (t) => {
  const project = new Project(t);
  project.write('a.c', '#pragma message("seen")\nint x = X;\n');
  const env = { CL: '/DX=1 /W4', _CL_: '/DX=2' };
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], { env }), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], { env }), 'hit');
});

test('a folder with two names gives each name its own debug information', (t) => {
  const project = new Project(t);
  project.write('real/a.c', 'int x;\n');
  symlinkSync('real', project.path('link'));
  mkdirSync(project.path('elsewhere'));
  const args = ['/c', '/clang:-g', 'a.c'];
  const real = { cwd: 'real', env: { PWD: project.path('real') } };
  const link = { cwd: 'link', env: { PWD: project.path('link') } };
  settle();
  assert.equal(project.sameAsBare(args, ['real/a.obj'], real), 'miss');
  assert.equal(project.sameAsBare(args, ['real/a.obj'], link), 'miss');
  assert.equal(project.sameAsBare(args, ['real/a.obj'], link), 'hit');
  assert.equal(project.sameAsBare(args, ['real/a.obj'], real), 'hit');
  const stray = { cwd: 'real', env: { PWD: project.path('elsewhere') } };
  assert.notEqual(project.sameAsBare(args, ['real/a.obj'], stray), 'passed on');
});
