/** The README's recipes for other build tools: their very lines, in the tools themselves, with clang-cl in place of cl. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { counters, isOnPath, succeed, toolchain } from '../helpers/cmake-builds.ts';
import { executable, findClangCl, run, temporaryFolder } from '../helpers/compilers.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';

/** Why a recipe cannot be tried here; undefined if it can. */
function whyNot(program: string): string | undefined {
  if (process.platform === 'win32') return 'the compilers are links of Linux';
  return isOnPath(program) ? undefined : `${program} is not on PATH`;
}

/** The block of code behind the line of the README that begins so. Slashes go to the executable of this machine. */
function recipe(start: string): string {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, block = ''] = text.slice(text.indexOf(`\n${start}`)).split(/\n```.*\n/);
  assert.ok(text.includes(`\n${start}`) && block !== '', `the README has no recipe '${start}'`);
  return block.replaceAll('C:/tools/clcache/clcache.exe', executable());
}

/** A project of two sources. clcache and the compiler are on its PATH, each under its plain name. */
class Project {
  readonly root: string;
  readonly cache: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(t: TestContext) {
    this.root = temporaryFolder(t);
    this.cache = this.path('cache');
    knowTheCompiler(this.cache);
    this.write('a.c', '#include "a.h"\nint a(void) { return A; }\n');
    this.write('b.cpp', '#include "a.h"\nint b() { return A; }\n');
    this.write('a.h', '#define A 1\n');
    // A header of the system for those who want to see one found.
    this.write('include/stdio.h', 'int puts(const char *);\n');
    mkdirSync(this.path('bin'));
    symlinkSync(executable(), this.path('bin/clcache'));
    for (const name of ['clang-cl', 'cl.exe']) symlinkSync(findClangCl().path, this.path(`bin/${name}`));
    const PATH = [this.path('bin'), process.env['PATH']].join(delimiter);
    this.#env = { CLCACHE_DIR: this.cache, PATH, INCLUDE: this.path('include') };
  }

  path = (name: string) => join(this.root, name);

  write(name: string, text: string): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** A program of the compiler's company that is looked for, and does nothing that is wanted here. */
  standIn(name: string, says: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\necho '${says}'\n`);
    chmodSync(this.path(`bin/${name}`), 0o755);
  }

  async run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return succeed(await run(program, args, { cwd: this.root, env: { ...this.#env, ...env } }));
  }

  /** Both sources were compiled once and served once. */
  async assertHits(): Promise<void> {
    const { CacheMisses, CacheHits } = await counters(this.cache);
    // What a build tool compiles to learn of the compiler is none of ours.
    assert.ok((CacheMisses ?? 0) >= 2, `${CacheMisses} misses`);
    assert.equal(CacheHits, 2);
  }
}

test('Meson with the README’s native file compiles through clcache, and hits', {
  skip: whyNot('meson'),
}, async (t) => {
  const project = new Project(t);
  project.standIn('lld-link', 'LLD 14.0.0');
  project.standIn('llvm-lib', '/OUT:');
  const machine = "system = 'windows'\ncpu_family = 'x86_64'\ncpu = 'x86_64'\nendian = 'little'\n";
  const lines = recipe('**Meson**').replaceAll("'cl'", "'clang-cl'");
  project.write('clcache.ini', `${lines}\nar = 'llvm-lib'\n[host_machine]\n${machine}`);
  project.write('meson.build', "project('p', 'c', 'cpp')\nstatic_library('a', 'a.c', 'b.cpp')\n");
  await project.run('meson', ['setup', 'build', '--cross-file', 'clcache.ini']);
  const commands = JSON.parse(readFileSync(project.path('build/compile_commands.json'), 'utf8'));
  const objects: string[] = commands.map(({ output }: { output: string }) => output);
  assert.equal(objects.length, 2);
  for (const _ of ['misses', 'hits']) {
    await project.run('ninja', ['-C', 'build', ...objects]);
    for (const object of objects) rmSync(project.path(`build/${object}`));
  }
  await project.assertHits();
});

test('SCons with the README’s environment compiles through clcache, and hits', {
  skip: whyNot('scons'),
}, async (t) => {
  const project = new Project(t);
  const lines = recipe('**SCons**')
    .replaceAll('clcache cl', 'clcache clang-cl')
    .replace('C:/tools/clcache', project.path('bin'))
    .replace('Environment(', "Environment(tools=['msvc'], MSVC_USE_SCRIPT=None, ");
  project.write('SConstruct', `${lines}\nenv.Object('a.c')\nenv.Object('b.cpp')\n`);
  for (const _ of ['misses', 'hits']) {
    const said = await project.run('scons', ['--cache-disable']);
    assert.match(said, /^clcache clang-cl .*a\.c/m);
    for (const object of ['a.obj', 'b.obj']) rmSync(project.path(object));
  }
  await project.assertHits();
});

test('setuptools with the README’s lines takes clcache for cl.exe, and hits', {
  skip: whyNot('python3'),
}, async (t) => {
  const project = new Project(t);
  if ((await run('/usr/bin/python3', ['-c', 'import setuptools'])).status !== 0)
    return t.skip('no setuptools');
  project.standIn('link.exe', '');
  for (const name of ['lib.exe', 'rc.exe', 'mc.exe', 'mt.exe']) project.standIn(name, '');
  project.write(
    'setup.py',
    "from setuptools import Extension, setup\nsetup(name='p', ext_modules=[Extension('p', ['a.c', 'b.cpp'])])\n",
  );
  const [link = '', path = '', variable = '', pip] = recipe('The Python clcache had').split('\n');
  assert.equal(pip, 'pip install .');
  const first = project.path('first');
  const [program = '', option = '', file = ''] = link.replace('C:\\tools\\first\\', `${first}/`).split(' ');
  await project.run(program, [option, file]);
  assert.equal(path, 'set PATH=C:\\tools\\first;%PATH%');
  const PATH = [first, project.path('bin'), process.env['PATH']].join(delimiter);
  const [, name = '', value = ''] = /^set (\w+)=(.*)$/.exec(variable) ?? [];
  // setuptools looks at these two for itself: on Windows names of variables have no case, and the system is known.
  const env = { PATH, path: PATH, _PYTHON_HOST_PLATFORM: 'win-amd64', [name]: value };
  for (const _ of ['misses', 'hits']) {
    const said = await project.run('/usr/bin/python3', ['setup.py', 'build_ext', '--compiler=msvc'], env);
    assert.ok(said.includes(`${file} /c `), said);
    rmSync(project.path('build'), { recursive: true });
  }
  await project.assertHits();
});

test('a CMake project that is configured with the README’s vcpkg triplet compiles through clcache, and hits', {
  skip: whyNot('cmake') ?? whyNot('ninja'),
}, async (t) => {
  const project = new Project(t);
  project.write('triplet.cmake', recipe('**vcpkg**'));
  project.write(
    'CMakeLists.txt',
    'cmake_minimum_required(VERSION 3.10)\nproject(p C CXX)\nadd_library(a OBJECT a.c b.cpp)\n',
  );
  // vcpkg_cmake_configure appends the options of a triplet to its call.
  project.write(
    'configure.cmake',
    `include("\${CMAKE_CURRENT_LIST_DIR}/triplet.cmake")
foreach(_name VCPKG_TARGET_ARCHITECTURE VCPKG_CRT_LINKAGE VCPKG_LIBRARY_LINKAGE VCPKG_ENV_PASSTHROUGH_UNTRACKED)
  if(NOT DEFINED \${_name})
    message(FATAL_ERROR "the triplet lacks \${_name}")
  endif()
endforeach()
execute_process(COMMAND "\${CMAKE_COMMAND}" -G Ninja -S . -B build ${toolchain().join(' ')}
  \${VCPKG_CMAKE_CONFIGURE_OPTIONS} COMMAND_ERROR_IS_FATAL ANY)
`,
  );
  await project.run('cmake', ['-P', 'configure.cmake']);
  for (const _ of ['misses', 'hits']) await project.run('cmake', ['--build', 'build', '--clean-first']);
  await project.assertHits();
});
