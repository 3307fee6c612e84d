import assert from 'node:assert/strict';
import { existsSync, lstatSync, readlinkSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Project, scriptedCalls, scriptedProject, settle } from './helpers.ts';

const SOURCE = '#include "a.h"\nint f(int n) { int unused; for (int i = 0; i < n; i++) n += A; return n; }\n';

/** Options of clang-cl, and what they make it write beside the object. */
const FORMS: readonly (readonly [options: string, outputs: string])[] = [
  ['/FA', 'a.asm'],
  ['/Fa', 'a.asm'],
  ['/Faname', 'name.asm'],
  ['/Faname.txt', 'name.txt'],
  ['/Faout/', 'out/a.asm'],
  ['/clang:-MD', 'a.d'],
  ['/showIncludes /clang:-MMD /clang:-MFx.d', 'x.d'],
  ['/clang:-MD /clang:-MF /clang:out/x.d /clang:-MT /clang:t', 'out/x.d'],
  ['-Xclang -dependency-file -Xclang y.d -Xclang -MT -Xclang y -Xclang -sys-header-deps', 'y.d'],
  ['/clang:-g /clang:-gsplit-dwarf', 'a.dwo'],
  ['/clang:-fstack-usage', 'a.su'],
  ['/clang:-fsave-optimization-record /O2', 'a.opt.yaml'],
  ['/clang:--serialize-diagnostics /clang:a.dia', 'a.dia'],
  ['/Foout/', 'out/a.obj'],
  ['/Foother', 'other.obj'],
  ['-o x.o', 'x.o'],
];

test('every file that clang-cl writes is restored on a hit, byte by byte, and no other', (t) => {
  const project = new Project(t);
  for (const [index, [options, outputs]] of FORMS.entries()) {
    const folder = `form${index}`;
    project.write(`${folder}/a.h`, '#define A 2\n');
    project.write(`${folder}/a.c`, SOURCE);
    project.write(`${folder}/out/keep`, '');
    const inputs = project.files(folder);
    const args = ['/c', '/W4', ...options.split(' '), 'a.c'];
    project.bare(args, { cwd: folder });
    const written = project.files(folder).filter((name) => !inputs.includes(name));
    for (const name of outputs.split(' ')) assert.ok(written.includes(name), `${options} writes ${written}`);
    const paths = written.map((name) => `${folder}/${name}`);
    assert.equal(project.sameAsBare(args, paths, { cwd: folder }), 'miss', options);
    assert.equal(project.sameAsBare(args, paths, { cwd: folder }), 'hit', options);
    assert.deepEqual(
      project.files(folder).filter((name) => !inputs.includes(name)),
      written,
      options,
    );
  }
});

test('the files that cl writes beside the object are restored: listings, browse files, documentation, dependencies', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int a;\n');
  project.write('out/keep', '');
  for (const [options, output] of [
    ['/FA', 'a.asm'],
    ['/FAs', 'a.asm'],
    ['/FAu', 'a.asm'],
    ['/FAc', 'a.cod'],
    ['/FAcs', 'a.cod'],
    ['/Falist.asm', 'list.asm'],
    ['/FRx.sbr', 'x.sbr'],
    ['/FR', 'a.sbr'],
    ['/Frx.sbr', 'x.sbr'],
    ['/Fr', 'a.sbr'],
    ['/docx.xdc', 'x.xdc'],
    ['/doc', 'a.xdc'],
    ['/sourceDependencies x.json', 'x.json'],
    ['/sourceDependencies out/', 'out/a.c.json'],
  ] as const) {
    const args = ['/c', ...options.split(' '), 'a.c'];
    project.remove('a.obj', output);
    settle();
    assert.equal(project.served(args), 'miss', options);
    const expected = project.read(output);
    project.remove('a.obj', output);
    assert.equal(project.served(args), 'hit', options);
    assert.deepEqual(project.read(output), expected, options);
    assert.ok(existsSync(project.path('a.obj')));
  }
});

test('a call whose output cannot be stored reaches the compiler every time', (t) => {
  const project = scriptedProject(t);
  project.write('a.c', 'int a;\n');
  const refused = [
    '/sourceDependencies -',
    '/scanDependencies x.json',
    '/sourceDependencies:directives x.json',
    '/analyze:log x.xml',
    '/experimental:log x',
    '/interface',
    '/internalPartition',
    '/ifcOutput x.ifc',
    '/reference m=x.ifc',
    '/headerUnit h=x.ifc',
    '/exportHeader',
    '/Gm',
    '/Ycx.h',
    '/Yux.h',
    '/Zi',
    '/ZI',
    '/Zip8',
    '/Fonul',
    '/dynamicdeopt',
  ];
  for (const options of refused) {
    const args = ['/c', ...options.split(' '), 'a.c'];
    const before = scriptedCalls(project).length;
    for (const _ of ['first', 'second']) {
      const kind = options === '/Fonul' ? 'miss' : 'passed on';
      if (kind === 'passed on') assert.equal(project.served(args), kind, options);
      else project.cached(args);
    }
    assert.equal(scriptedCalls(project).length, before + 2, options);
  }
});

test('an object that is not an ordinary file is never replaced by a stored one', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  project.served(['/c', 'a.c']);
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  assert.equal(project.served(['/c', 'a.c', '-o', '/dev/null']), 'passed on');
});

test('options that clang-cl does not use write nothing, and their warning is printed on a hit', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  const args = ['/c', '/sourceDependencies', 'x.json', '/FR', '/doc', '/Gm', 'a.c'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  assert.deepEqual(project.files(), ['a.c', 'a.obj']);
});

test('a call with several sources prints a message of the driver once', (t) => {
  const project = new Project(t);
  for (const name of ['a', 'b', 'c']) project.write(`${name}.c`, `int ${name}(int n) { int m; return n; }\n`);
  const args = ['/c', '/W4', '/Gm', '/FR', 'a.c', 'b.c', 'c.c'];
  const outputs = ['a.obj', 'b.obj', 'c.obj'];
  assert.equal(project.sameAsBare(args, outputs), 'miss');
  assert.equal(project.sameAsBare(args, outputs), 'hit');
});

test('a link to a device as output stays a link', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  symlinkSync('/dev/null', project.path('null.obj'));
  project.cached(['/c', 'a.c', '/Fonull.obj']);
  assert.ok(lstatSync(project.path('null.obj')).isSymbolicLink());
  assert.equal(project.served(['/c', 'a.c']), 'hit');
});

test('a dependency file that is a link is written at the end of the link, as the compiler does', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  settle();
  const args = ['/c', 'a.c', '/clang:-MD', '/clang:-MFa.d'];
  assert.equal(project.served(args), 'miss');
  assert.equal(project.served(args), 'hit');
  project.remove('a.d');
  project.write('real.d', 'old');
  symlinkSync('real.d', project.path('a.d'));
  assert.equal(project.cached(args).status, 0);
  assert.equal(readlinkSync(project.path('a.d')), 'real.d');
  assert.match(project.read('real.d').toString(), /^a\.o: a\.c/);
  project.remove('a.d');
  symlinkSync('missing/real.d', project.path('a.d'));
  assert.notEqual(project.cached(args).status, 0);
});

test('a link in the place of an object is replaced, as the compiler does', (t) => {
  const project = new Project(t);
  project.write('a.c', 'int a;\n');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  project.remove('a.obj');
  project.write('real.obj', 'old');
  symlinkSync('real.obj', project.path('a.obj'));
  assert.equal(project.served(['/c', 'a.c']), 'hit');
  assert.ok(!lstatSync(project.path('a.obj')).isSymbolicLink());
  assert.equal(project.read('real.obj').toString(), 'old');
});

test('in preprocessor mode, a dependency file that names a file found by __has_include is never stale', (t) => {
  const project = new Project(t);
  project.set({ CLCACHE_NODIRECT: '1' });
  project.write('a.c', '#if __has_include("x.h")\n#endif\nint a;\n');
  project.write('x.h', '');
  const args = ['/c', '/clang:-MD', 'a.c'];
  settle();
  project.sameAsBare(args, ['a.obj', 'a.d']);
  project.remove('x.h');
  project.sameAsBare(args, ['a.obj', 'a.d']);
});

test('a dependency file without system headers stays without them', (t) => {
  const project = new Project(t);
  project.write('a.c', '#include <stddef.h>\n#include "x.h"\n');
  for (const options of [
    '/clang:-MMD /clang:-MFa.d',
    '-Xclang -dependency-file -Xclang a.d -Xclang -MT -Xclang a',
  ]) {
    const args = ['/c', ...options.split(' '), 'a.c'];
    for (const [header, expected] of [
      ['int x;\n', 'miss'],
      ['int x;\n', 'hit'],
      ['int y;\n', 'miss'],
    ] as const) {
      project.write('x.h', header);
      settle();
      assert.equal(project.sameAsBare(args, ['a.obj', 'a.d']), expected, options);
      assert.match(project.read('a.d').toString(), /x\.h/);
      assert.doesNotMatch(project.read('a.d').toString(), /stddef/);
    }
  }
});
