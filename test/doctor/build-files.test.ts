import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checkBuildFiles } from '../../src/doctor/checks/build-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { linesOf } from './surroundings.ts';

function said(workingDirectory: string, self = '/opt/clcache') {
  return linesOf(checkBuildFiles({ config: { workingDirectory, isFolderGone: false }, self }));
}

function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const ninja = (program: string) => `rule CXX_COMPILER__x_unscanned_Debug
  depfile = $DEP_FILE
  deps = gcc
  command = ${program} $DEFINES $INCLUDES $FLAGS -o $out -c $in
  description = Building
`;
const make = (program: string) =>
  `a.o:\n\t@$(CMAKE_COMMAND) -E echo\n\t${program} $(CXX_FLAGS) -o a.o -c /src/a.cpp\n`;

test('a folder without files of a build system is good', (t) => {
  assert.deepEqual(said(temporaryFolder(t)), ['good none of CMake, Meson or MSBuild in this folder']);
});

test('CMake’s files that call the compiler itself keep a build of that folder from being served', (t) => {
  const folder = temporaryFolder(t);
  write(folder, 'CMakeCache.txt', '');
  write(folder, 'CMakeFiles/rules.ninja', ninja('/usr/bin/clang-cl-14'));
  assert.match(
    said(folder)[0] ?? '',
    /^stops CMake's files in .* call the compiler, not clcache => .*clcache --cmake/,
  );
  write(folder, 'CMakeFiles/rules.ninja', ninja('/opt/clcache/clcache /usr/bin/clang-cl-14'));
  assert.match(said(folder)[0] ?? '', /^good CMake's files in .* call clcache$/);
});

test('a build folder below is reported without a verdict on this folder, whichever generator wrote it', (t) => {
  const folder = temporaryFolder(t);
  for (const [name, program] of [
    ['build', 'C:\\VS\\bin\\cl.exe'],
    ['out/build/x64', '/usr/bin/clang-cl'],
    ['release', '/x/clcache /usr/bin/clang-cl'],
    ['gcc', '/usr/bin/g++'],
  ] as const) {
    write(folder, `${name}/CMakeCache.txt`, '');
    write(folder, `${name}/CMakeFiles/x.dir/build.make`, make(program));
  }
  const lines = said(folder).sort();
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? '', /^bad CMake's files in .*\/build call the compiler/);
  assert.match(lines[1] ?? '', /^bad CMake's files in .*\/out\/build\/x64 call the compiler/);
  assert.match(lines[2] ?? '', /^good CMake's files in .*\/release call clcache/);
});

test('Meson’s files that call the compiler itself keep a build of that folder from being served', (t) => {
  const folder = temporaryFolder(t);
  const meson = (program: string, words: string) =>
    ['c', 'cpp']
      .map((language) => `rule ${language}_COMPILER\n command = ${program} ${words}\n deps = msvc\n`)
      .join('\n');
  write(folder, 'meson-private/coredata.dat', '');
  for (const words of ['$ARGS /Fo$out /c $in', '@$out.rsp']) {
    write(folder, 'build.ninja', meson('"C:\\VS\\cl.exe"', words));
    assert.match(
      said(folder)[0] ?? '',
      /^stops Meson's files in .* call the compiler, not clcache => .*native file/,
    );
    write(folder, 'build.ninja', meson('"clcache" "cl"', words));
    assert.match(said(folder)[0] ?? '', /^good Meson's files in .* call clcache$/);
  }
  write(folder, 'build.ninja', meson('cc', '$ARGS -o $out -c $in'));
  assert.deepEqual(said(folder), ['good none of CMake, Meson or MSBuild in this folder']);
});

test('clcache under the compiler’s name is clcache', (t) => {
  const folder = temporaryFolder(t);
  write(folder, 'tools/program', 'the program');
  copyFileSync(join(folder, 'tools/program'), join(folder, 'tools/cl.exe'));
  write(folder, 'CMakeCache.txt', '');
  write(folder, 'CMakeFiles/rules.ninja', ninja(`${folder}/tools/cl.exe`));
  assert.match(said(folder, join(folder, 'tools/program'))[0] ?? '', /^good /);
});

test('projects of Visual Studio need clcache.props somewhere above them', (t) => {
  const folder = temporaryFolder(t);
  write(folder, 'app/app.vcxproj', '<Project/>');
  assert.match(
    said(join(folder, 'app'))[0] ?? '',
    /^look projects of Visual Studio are here.*=> see clcache --msbuild/,
  );
  write(folder, 'Directory.Build.props', '<Import Project="C:\\tools\\clcache\\msbuild\\clcache.props"/>');
  assert.match(said(join(folder, 'app'))[0] ?? '', /^good .*Directory\.Build\.props names clcache/);
});
