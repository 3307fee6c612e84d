import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { ModelProject } from '../helpers/model-compiler.ts';
import { Project, settle } from './helpers.ts';

/** Two compiles make equal objects. */
const EQUAL = ['/nologo', '/Brepro'];

test('cl’s banner is shown only to calls for which the compiler would show it', (t) => {
  const project = new ModelProject(t, {}, ['/Brepro']);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/nologo', '/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
  assert.equal(project.sameAsBare(['/nologo', '/c', 'a.c'], ['a.obj']), 'hit');
});

const DEPRECATED = [
  '/Gm-',
  '/FS',
  '/Zm500',
  '/cgthreads8',
  '/errorReport:queue',
  '/Zf',
  '/Zf-',
  '/d2FH4',
] as const;

test('a message of cl’s driver about an option is shown only to calls with this option', async (t) => {
  const project = new ModelProject(t, {}, EQUAL);
  project.write('a.c', 'int x;\n');
  settle();
  for (const [index, option] of DEPRECATED.entries()) {
    await t.test(option, () => {
      project.set({ MODEL_DEPRECATED: option });
      assert.equal(project.sameAsBare(['/c', option, 'a.c'], ['a.obj']), 'miss');
      // The call without an option is the same for all of them.
      assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), index === 0 ? 'miss' : 'hit');
      assert.equal(project.sameAsBare(['/c', option, 'a.c'], ['a.obj']), 'hit');
    });
  }
});

for (const [one, other] of [
  ['/await', '-await'],
  ['/AIwinmd', '/AI winmd'],
  ['/MP2', '-MP2'],
  ['/Fex.exe', '-Fex.exe'],
  ['/clang:-MF /clang:one.d', '/clang:-MF /clang:two.d'],
] as const) {
  test(`clang-cl’s warning repeats an option as it was written: ${one} differs from ${other}`, (t) => {
    const project = new Project(t);
    project.write('a.c', 'int x;\n');
    settle();
    assert.equal(project.sameAsBare(['/c', ...one.split(' '), 'a.c'], ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(['/c', ...other.split(' '), 'a.c'], ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(['/c', ...one.split(' '), 'a.c'], ['a.obj']), 'hit');
  });
}

/** Words of GCC that clang-cl 14 ignores with a warning. A later version may know them. */
const OF_GCC =
  `-pedantic -ansi -fPIC -fno-plt -pthread -pipe -ggdb -ffast-math -fopenmp -finput-charset=utf-8 -static -rdynamic
  -MMD -isysteminc -mcmodel=large -save-temps -fprofile-use=none -fno-such-thing --no-such-thing -Lx -march -l`.split(
    /\s+/,
  );

test('an option that clang-cl ignores with a warning is cached with that warning', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int x;\n');
  settle();
  const said = project.bare(['/c', ...OF_GCC, 'a.c']).stderr;
  const ignored = OF_GCC.filter((word) => said.includes(` argument ignored in clang-cl: '${word}'`));
  assert.ok(ignored.length > 10, said);
  // A few in a line: each must be known to take no value, and have its warning.
  for (let first = 0; first < ignored.length; first += 4) {
    const args = ['/c', ...ignored.slice(first, first + 4), 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', args.join(' '));
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', args.join(' '));
  }
});

test('the word after an ignored option is not its value', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int x;\n');
  project.write('b.c', 'int y;\n');
  settle();
  // clang-cl has no -x, so that this compiles two sources.
  const outputs = ['a.obj', 'b.obj'];
  assert.equal(project.sameAsBare(['/c', '-x', 'a.c', '-include', 'b.c'], outputs), 'miss');
  assert.equal(project.sameAsBare(['/c', '-x', 'a.c', '-include', 'b.c'], outputs), 'hit');
});

test('an option that the project declares safe is cached, and the log says why one that names a file is not', (t) => {
  const project = new ModelProject(t, {}, EQUAL);
  project.write('a.c', 'int x;\n');
  settle();
  assert.equal(project.sameAsBare(['/c', '/d1made', 'a.c'], ['a.obj']), 'passed on');
  project.set({ CLCACHE_SAFE_OPTIONS: '/d1made; -d1out*' });
  assert.equal(project.sameAsBare(['/c', '/d1made', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/d1made', 'a.c'], ['a.obj']), 'hit');
  assert.equal(project.sameAsBare(['/c', '/d1out:on', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', '/d1out:a.txt', 'a.c'], ['a.obj']), 'passed on');
  const { stderr } = project.cached(['/c', '/d1out:a.txt', 'a.c'], { env: { CLCACHE_LOG: '1' } });
  assert.match(stderr, /d1out:a\.txt is in CLCACHE_SAFE_OPTIONS, but seems to name a file/);
});

/** Words that are handed on, in the spelling of real projects. */
const HANDED_ON = `
-Xclang -fuse-ctor-homing
-Xclang -fdiagnostics-format -Xclang msvc
-Xclang -nostdinc++
-Xclang -nostdsysteminc
-Xclang -cfguard-no-checks
-Xclang -ehcontguard
-Xclang -fpseudo-probe-for-profiling
-Xclang -fenable-matrix
-Xclang -flto-visibility-public-std
-Xclang -menable-no-nans
-Xclang -fno-validate-pch
/clang:--target=x86_64-pc-windows-msvc
/clang:-x /clang:c++
/clang:-fpch-validate-input-files-content
/clang:-fno-working-directory /clang:-mrecip
`;

test('words that are handed on to clang are cached, each with its own meaning', (t) => {
  const project = new Project(t);
  project.write('a.c', 'double f(double x) { return 1 / x; }\n');
  settle();
  for (const line of HANDED_ON.trim().split('\n')) {
    const args = ['/c', '/Brepro', ...line.split(' '), 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', line);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', line);
  }
});

test('an optimisation record is restored under the name that the line gives it', (t) => {
  const project = new Project(t);
  project.write('a.c', 'static int g(int a) { return a; }\nint f(int a) { return g(a); }\n');
  settle();
  for (const [option, file] of [
    ['/clang:-fsave-optimization-record=yaml', 'a.opt.yaml'],
    ['/clang:-foptimization-record-file=record.y', 'record.y'],
  ] as const) {
    const args = ['/c', '/clang:-O2', option, 'a.c'];
    assert.equal(project.sameAsBare(args, ['a.obj', file]), 'miss', option);
    assert.equal(project.sameAsBare(args, ['a.obj', file]), 'hit', option);
  }
});

test('clang-cl under names for two targets is two compilers, because it says what it takes for its target', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int x;\n');
  settle();
  const results = ['i686-pc-windows-msvc', 'aarch64-pc-windows-msvc'].map((target) => {
    const named = new Project(t, project.path(`${target}-clang-cl`), []);
    symlinkSync(project.compiler, project.path(`${target}-clang-cl`));
    named.set({ CLCACHE_DIR: project.path('cache') });
    const call = () => named.cached(['/c', project.path('a.c'), `/Fo${project.path('a.obj')}`]).stderr;
    const alone = named.bare(['/c', project.path('a.c'), `/Fo${project.path('a.obj')}`]).stderr;
    assert.deepEqual([call(), call()], [alone, alone]);
    return alone;
  });
  assert.notEqual(results[0], results[1]);
});
