/** Files that clang-cl reads although no option and no `#include` names them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { Project, settle } from './helpers.ts';

const NUMBER = '#ifndef X\n#define X 0\n#endif\nint x = X;\n';
const SANITIZED = 'int at(int *list, int index) { return list[index]; }\n';

/** The compiler in a folder in which files can be put beside it. */
function installedProject(t: TestContext, name: string): Project {
  const folder = temporaryFolder(t);
  const actual = realpathSync(findClangCl().path);
  const compiler = join(folder, 'bin', name);
  mkdirSync(dirname(compiler));
  copyFileSync(actual, compiler);
  const project = new Project(t, compiler, [HOST_TARGET, '/Brepro']);
  const own = project.bare(['/clang:-print-resource-dir']).stdout.trim();
  const resources = join(realpathSync(join(dirname(actual), '..', 'lib', 'clang')));
  const [version = ''] = own.split('/').slice(-1);
  mkdirSync(join(folder, 'lib', 'clang', version), { recursive: true });
  symlinkSync(join(resources, version, 'include'), join(folder, 'lib', 'clang', version, 'include'));
  return project;
}

function writeBeside(project: Project, name: string, text: string): void {
  const path = join(dirname(project.compiler), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test('the default lists of sanitizers are part of the compiler', (t) => {
  const project = installedProject(t, 'clang-cl');
  const own = project.bare(['/clang:-print-resource-dir']).stdout.trim();
  project.write('a.c', SANITIZED);
  const args = ['/c', '/O1', '-fsanitize=address', 'a.c'];
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  const object = project.read('a.obj');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  for (const list of ['fun:other\n', 'fun:at\n']) {
    mkdirSync(join(own, 'share'), { recursive: true });
    writeFileSync(join(own, 'share', 'asan_ignorelist.txt'), list);
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', list);
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', list);
  }
  assert.notDeepEqual(project.read('a.obj'), object);
});

for (const spelled of ['-resource-dir own', '-resource-dir=own']) {
  test(`the default lists of sanitizers in the folder of the line count: ${spelled}`, (t) => {
    const project = new Project(t, undefined, [HOST_TARGET, '/Brepro']);
    project.write('a.c', SANITIZED);
    const args = ['/c', '/O1', '-fsanitize=address', ...spelled.split(' '), 'a.c'];
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
    project.write('own/share/asan_ignorelist.txt', 'fun:at\n');
    settle();
    assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
    assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  });
}

for (const options of [
  '-fsanitize=address -fsanitize-ignorelist=list.txt',
  '-fsanitize-coverage=trace-pc-guard -fsanitize-coverage-ignorelist=list.txt',
  '-fprofile-instr-generate -fprofile-list=list.txt',
]) {
  test(`the contents of a file that an option names are part of the key: ${options}`, (t) => {
    const project = new Project(t, undefined, [HOST_TARGET, '/Brepro']);
    project.write('a.c', SANITIZED);
    const args = ['/c', '/O1', ...options.split(' '), 'a.c'];
    const objects = ['fun:other\n', 'fun:at\n'].map((list) => {
      project.write('list.txt', list);
      settle();
      assert.equal(project.sameAsBare(args, ['a.obj']), 'miss', list);
      assert.equal(project.sameAsBare(args, ['a.obj']), 'hit', list);
      return project.read('a.obj').toString('latin1');
    });
    assert.equal(new Set(objects).size, 2, 'the list shows nothing');
  });
}

/** A header map with one entry, as Xcode makes them (`HeaderMapTypes.h` of clang). */
function headerMap(key: string, folder: string, file: string): Buffer {
  const strings = Buffer.from(`\0${key}\0${folder}\0${file}\0`, 'latin1');
  const buckets = 8;
  const bytes = Buffer.alloc(24 + buckets * 12);
  bytes.write('pamh', 'latin1');
  bytes.writeUInt16LE(1, 4);
  bytes.writeUInt32LE(bytes.length, 8);
  bytes.writeUInt32LE(1, 12);
  bytes.writeUInt32LE(buckets, 16);
  let hash = 0;
  for (const letter of Buffer.from(key, 'latin1')) hash += letter * 13;
  const bucket = 24 + (hash % buckets) * 12;
  bytes.writeUInt32LE(1, bucket);
  bytes.writeUInt32LE(2 + key.length, bucket + 4);
  bytes.writeUInt32LE(3 + key.length + folder.length, bucket + 8);
  return Buffer.concat([bytes, strings]);
}

test('a header map with another target is noticed', (t) => {
  const project = new Project(t, undefined, [HOST_TARGET, '/Brepro']);
  project.write('one/x.h', 'int x = 1;\n');
  project.write('two/x.h', 'int x = 2;\n');
  project.write('a.c', '#include "x.h"\n');
  const args = ['/c', '-Iheaders.hmap', 'a.c'];
  for (const folder of ['one', 'two', 'one']) {
    project.write('headers.hmap', headerMap('x.h', project.path(`${folder}/`), 'x.h'));
    settle();
    for (const turn of ['first', 'second', 'third']) {
      assert.notEqual(project.sameAsBare(args, ['a.obj']), 'passed on', `${folder}, ${turn}`);
    }
  }
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

test('a configuration file that the compiler reads by itself prevents caching', (t) => {
  const project = installedProject(t, 'x86_64-pc-windows-msvc-clang-cl');
  project.write('a.c', NUMBER);
  settle();
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj']), 'hit');
  writeBeside(project, 'x86_64-pc-windows-msvc-clang-cl.cfg', '@more.cfg\n-FA\n');
  for (const options of ['/DX=1', '/DX=2']) {
    writeBeside(project, 'more.cfg', options);
    for (const turn of ['first', 'second']) {
      assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj', 'a.asm']), 'passed on', turn);
    }
  }
});

const REPORTS: readonly (readonly [name: string, value: string, output: string])[] = [
  ['CCC_OVERRIDE_OPTIONS', '# ^/Fareport', 'report.asm'],
  ['CCC_ADD_ARGS', '-Wall', 'a.obj'],
  ['QA_OVERRIDE_GCC3_OPTIONS', '# ^-Wall', 'a.obj'],
  ['CC_PRINT_OPTIONS', '1', 'a.obj'],
  ['CC_PRINT_HEADERS', '1', 'a.obj'],
  ['CC_LOG_DIAGNOSTICS', '1', 'a.obj'],
  ['CC_PRINT_PROC_STAT', '1', 'a.obj'],
  ['DEPENDENCIES_OUTPUT', 'report.d', 'a.obj'],
  ['SUNPRO_DEPENDENCIES', 'report.d', 'a.obj'],
  ['AS_SECURE_LOG_FILE', 'report', 'a.obj'],
];

test('a call is not cached while a variable may make it do more than the line says', async (t) => {
  const project = new Project(t);
  project.write('a.c', NUMBER);
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  for (const [name, value, output] of REPORTS) {
    await t.test(name, () => {
      for (const turn of ['first', 'second']) {
        project.remove('a.obj', output);
        assert.equal(project.served(['/c', 'a.c'], { env: { [name]: value } }), 'passed on', turn);
        assert.ok(project.files().includes(output), `${turn}: ${project.files()}`);
      }
      assert.equal(project.served(['/c', 'a.c']), 'hit');
    });
  }
});

test('a call for which a variable makes clang fail gets clang’s failure', (t) => {
  const project = new Project(t);
  project.write('a.c', NUMBER);
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  const env = { FORCE_CLANG_DIAGNOSTICS_CRASH: '1', TMPDIR: project.path('cache') };
  assert.equal(project.cached(['/c', 'a.c'], { env }).status, project.bare(['/c', 'a.c'], { env }).status);
});

const OF_OTHERS = ['LIB', 'LIBRARY_PATH', 'LIBPATH', 'TMP', 'TEMP', 'TMPDIR', 'ROCM_PATH', 'LINK'];

test('variables for the linker, for other targets or for scratch files are not part of the key for clang-cl', async (t) => {
  const project = new Project(t, undefined, [HOST_TARGET, '/Brepro']);
  project.write('a.c', NUMBER);
  project.write('one/x', '');
  settle();
  assert.equal(project.served(['/c', 'a.c']), 'miss');
  for (const name of OF_OTHERS) {
    await t.test(name, () => {
      const one = { env: { [name]: project.path('one') } };
      assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], one), 'hit');
    });
  }
});

test('the name that LLVM_OVERRIDE_PRODUCER writes into bitcode is part of the key', (t) => {
  const project = new Project(t);
  project.write('a.c', NUMBER);
  settle();
  for (const [name, expected] of [
    ['one', 'miss'],
    ['two', 'miss'],
    ['one', 'hit'],
  ] as const) {
    const env = { LLVM_OVERRIDE_PRODUCER: name };
    assert.equal(project.sameAsBare(['/c', '-flto', 'a.c'], ['a.obj'], { env }), expected);
  }
});

test('the Visual Studio that clang-cl finds on PATH is part of the key', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  project.set({ INCLUDE: undefined });
  project.write('a.c', '#include <x.h>\n');
  const folderOf = (version: string) => `${version}/VC/Tools/MSVC/14.29.1/bin/Hostx64/x64`;
  for (const version of ['one', 'two']) {
    project.write(`${version}/VC/Tools/MSVC/14.29.1/include/x.h`, `char ${version}[] = "${version}";\n`);
    for (const tool of ['cl.exe', 'link.exe']) project.write(`${folderOf(version)}/${tool}`, '');
  }
  settle();
  const { PATH } = process.env;
  const using = (version: string) => ({ env: { PATH: `${project.path(folderOf(version))}:${PATH}` } });
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('one')), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('two')), 'miss');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('one')), 'hit');
  // Its version is what `_MSC_VER` comes from on Windows.
  project.write(`${folderOf('one')}/cl.exe`, 'updated');
  assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('one')), 'miss');
});

for (const name of ['VCToolsInstallDir', 'VCINSTALLDIR']) {
  test(`the Visual Studio that clang-cl finds by ${name} is part of the key`, (t) => {
    const project = new Project(t, undefined, ['/Brepro']);
    project.set({ INCLUDE: undefined });
    project.write('a.c', '#include <x.h>\n');
    for (const version of ['one', 'two']) project.write(`${version}/include/x.h`, `char ${version};\n`);
    settle();
    const using = (version: string) => ({ env: { [name]: `${project.path(version)}/` } });
    assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('one')), 'miss');
    assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('two')), 'miss');
    assert.equal(project.sameAsBare(['/c', 'a.c'], ['a.obj'], using('one')), 'hit');
  });
}

test('a newer toolset in the folder that /winsysroot names is noticed', (t) => {
  const project = new Project(t, undefined, ['/Brepro']);
  project.set({ INCLUDE: undefined });
  project.write('a.c', '#include <x.h>\n');
  project.write('root/VC/Tools/MSVC/14.20.1/include/x.h', 'int x = 1;\n');
  const args = ['/c', '/winsysroot', 'root', 'a.c'];
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  project.write('root/VC/Tools/MSVC/14.30.1/include/x.h', 'int x = 2;\n');
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
});

test('an option and its value on two lines of a response file are read as clang-cl reads them', (t) => {
  const project = new Project(t);
  project.write('a.c', NUMBER);
  project.write('inc/x.h', '');
  settle();
  for (const text of ['/c /I\ninc a.c', '/c a.c /D\nX=1', '/c -- a.c\n/DX=1', '/c\n/I inc\n/DX=2\na.c']) {
    project.write('line.rsp', text);
    assert.deepEqual(project.cached(['@line.rsp']), project.bare(['@line.rsp']), text);
  }
  assert.equal(project.sameAsBare(['@line.rsp'], ['a.obj']), 'hit');
});

test('a folder as a profile means the default.profdata in it', (t) => {
  const merge = spawnSync('llvm-profdata', ['--version']);
  if (merge.error) {
    t.skip('llvm-profdata is not installed');
    return;
  }
  const project = new Project(t);
  const profile = (count: number) => {
    project.write('p.proftext', `:ir\nf\n0x1\n1\n${count}\n`);
    const args = ['merge', project.path('p.proftext'), '-o', project.path('profiles/default.profdata')];
    assert.equal(spawnSync('llvm-profdata', args).status, 0);
  };
  project.write('profiles/other', '');
  profile(1);
  project.write('a.c', 'int f(int n) { return n ? n * 3 : 7; }\n');
  settle();
  const args = ['/c', '/clang:-O2', '/clang:-fprofile-use=profiles', 'a.c'];
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
  assert.equal(project.sameAsBare(args, ['a.obj']), 'hit');
  profile(1000);
  settle();
  assert.equal(project.sameAsBare(args, ['a.obj']), 'miss');
});
