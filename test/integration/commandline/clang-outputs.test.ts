import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callOf, words } from '../../commandline/hosts.ts';
import { clangClWorkspace } from './real-clang-cl.ts';

let workspace: ReturnType<typeof clangClWorkspace>;
before(() => {
  workspace = clangClWorkspace();
});
after(() => workspace?.remove());

/** Lines that clang-cl really runs. It must write exactly what the parser predicts. */
const LINES = [
  '/c src/a.c',
  '/c src/a.b.c',
  '/c src/a.b.c /Foout/',
  '/c src/a.c /Foout',
  '/c src/a.c /Foout/n',
  '/c src/a.c /Foout/n.o',
  '/c src/a.c /Foout/.o',
  '/c src/a.c /Foout/n.',
  '/c src/a.c /Foout\\n',
  '/c src/a.c /Foout/n.o /Fo',
  '/c src/a.c -o out/z',
  '/c src/a.c -oout/z.o',
  '/c src/a.c /oout/',
  '/c src/a.c -o out/z.o /Foout/y.obj',
  '/c src/a.c /Foout/y.obj /o out/z.o',
  '/c src/a.c src/other.c',
  '/c src/a.c src/c.cpp /Foout/',
  '/c /TP src/d.inl',
  '/c /Tp src/d.inl',
  '/c /Tcsrc/c.cpp',
  '/c src/s.S',
  '/c src/s.S /Foout/',
  '/c src/s.S /Foout/n.o',
  '/c src/s.S -o out/n.o',
  '/c src/s.S src/a.c /Foout/',
  '/c src/s.S /FA /Foout/',
  '/c src/s.S /Faout/ /Foout/',
  '/c src/k.s /Foout/',
  '/c src/k.s /FA',
  '/c src/k.s src/a.c /Faout/',
  '/c src/k.s /clang:-MD',
  '/c src/k.s -ftime-trace',
  '/c src/k.s --coverage',
  '/c src/k.s /clang:-fstack-usage',
  '/c src/k.s /clang:-fsave-optimization-record',
  '/c src/k.s /clang:-gsplit-dwarf /clang:-g',
  '/c src/k.s /clang:--serialize-diagnostics /clang:out/s.dia',
  '/c src/k.s -via-file-asm /Foout/',
  '/c src/a.c -via-file-asm',
  '/c src/a.c -via-file-asm /Foout/n.o',
  '/c src/a.c --via-file-asm /Fo',
  '/c src/a.c /clang:-via-file-asm /Foout/',
  '/c src/a.c /FA',
  '/c src/a.c /Fa',
  '/c src/a.c /Fa /Foout/',
  '/c src/a.c /Faout/',
  '/c src/a.c /Faout/x',
  '/c src/a.c /Faout/x.y',
  '/c src/a.c /FAcs',
  '/c src/a.c /FAs /Faout/x.cod',
  '/c src/a.c src/other.c /FA /Faout/',
  '/c src/a.c /clang:-MD',
  '/c src/a.c /clang:-MD /Foout/zz.obj',
  '/c /showIncludes src/a.b.c /clang:-MMD /Foout/',
  '/c src/a.c src/other.c /clang:-MD',
  '/c src/a.c /clang:-MD /clang:-MFout/q.d',
  '/c src/a.c /clang:-MFout/q.d',
  '/c src/a.c /clang:-MD /clang:-MF /clang:out/q.d -o out/z.o',
  '/c /showIncludes src/a.c /clang:-MF /Od /clang:out/q.d /clang:-MMD /clang:-MTz /clang:-MP',
  '/c /showIncludes src/a.c -Xclang -dependency-file -Xclang out/r.d -Xclang -MT -Xclang zz',
  '/c src/a.c /clang:-gsplit-dwarf /clang:-g',
  '/c src/a.c /clang:-gsplit-dwarf',
  '/c src/a.c /clang:-gsplit-dwarf /clang:-g /Foout/z',
  '/c src/a.b.c /clang:-gsplit-dwarf /clang:-gdwarf-4 /Foout/',
  '/c src/a.c -ftime-trace',
  '/c src/a.c -ftime-trace /Foout/z.x',
  '/c src/a.b.c -ftime-trace /Foout/',
  '/c src/a.c --coverage',
  '/c src/a.c --coverage /Foout/z.x',
  '/c src/a.c --coverage /Foout/z',
  '/c src/a.c /clang:-fstack-usage',
  '/c src/a.c /clang:-fstack-usage /Foout/z.x',
  '/c src/a.c /clang:-fsave-optimization-record /clang:-O2',
  '/c src/a.c /clang:-fsave-optimization-record /clang:-O2 /Foout/z.x',
  '/c src/a.c /clang:-fsave-optimization-record=yaml /clang:-O2 /Foout/',
  '/c src/a.c /clang:-foptimization-record-file=out/r.y /clang:-O2',
  '/c src/a.c /clang:-foptimization-record-file=out/r.y /clang:-fsave-optimization-record /clang:-O2',
  '/c src/a.c /clang:-fprofile-arcs',
  '/c src/a.c /clang:-fprofile-arcs /clang:-ftest-coverage',
  '/c src/a.c /clang:--serialize-diagnostics /clang:out/s.dia',
  '/c src/a.c -flto /Foout/z',
  '/c src/a.c /clang:-MD /FA --coverage',
  '/c src/a.c /Fdout/x.pdb /Zi /FRout/ /Frout/x /docx /sourceDependencies out/x.json',
  '/c -- src/a.c src/other.c',
];

for (const line of LINES) {
  test(`clang-cl writes the expected files for ${line}`, () => {
    const { host, run } = workspace;
    const { status, stderr, written } = run(words(line));
    assert.equal(status, 0, stderr);
    const { jobs } = callOf(line, host);
    const foretold = jobs.flatMap((job) => job.outputs.map((output) => output.path)).sort();
    assert.deepEqual(foretold, written);
  });
}

test('Compiling each source of a line by itself writes the same files as the whole line', () => {
  const { host, run } = workspace;
  const line = '/c /MP2 src/a.c src/c.cpp /Foout/ /FA /clang:-MD';
  const whole = run(words(line)).written;
  const apart = callOf(line, host).jobs.flatMap((job) => run(job.compilerArguments).written);
  assert.deepEqual(apart.sort(), whole);
});

test('An absolute source that begins like an option is compiled', () => {
  const { root, run } = workspace;
  const { jobs } = callOf(['/c', `${root}/src/a.c`], workspace.host);
  assert.deepEqual(run(jobs[0]?.compilerArguments ?? []).written, [`${root}/a.obj`]);
});

for (const [name, line, isRead] of [
  ['INCLUDE', '/c src/a.c', true],
  ['INCLUDE', '/c /X src/a.c', false],
  ['EXTERNAL_INCLUDE', '/c src/a.c', true],
  ['EXTERNAL_INCLUDE', '/c /X src/a.c', false],
  ['CPATH', '/c src/a.c', true],
  ['CPATH', '/c /X src/a.c', true],
  ['C_INCLUDE_PATH', '/c /X src/a.c', true],
  ['CPLUS_INCLUDE_PATH', '/c /X /TP src/a.c', true],
] as const) {
  test(`clang-cl ${isRead ? 'searches' : 'does not search'} ${name} for ${line}`, () => {
    const { root, host, run } = workspace;
    const args = ['--target=x86_64-pc-windows-msvc', ...words(line), '/FIsub.h'];
    const { status } = run(args, { [name]: `${root}/inc` });
    assert.equal(status === 0, isRead);
    assert.equal(callOf(line, host).searchVariables.includes(name), isRead);
  });
}
