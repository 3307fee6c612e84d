/**
 * The questions and calls by which Meson, Rust's `cc`, CMake and SCons find out which compiler clcache is, on Linux.
 */
import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counters } from '../helpers/cmake-builds.ts';
import { executable, findClangCl } from '../helpers/compilers.ts';
import { ProgramPlace } from './program-place.ts';

const skip = process.platform === 'win32' && 'the compilers are scripts';
const BANNER = 'Microsoft (R) C/C++ Optimizing Compiler Version 19.29.30133 for x64';

test('Meson finds in --version the clang-cl that CLCACHE_CL names', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  const env = { CLCACHE_CL: findClangCl().path };
  const { status, stdout, stderr } = await place.run(executable(), ['--version'], [], env);
  assert.deepEqual([status, String(stderr)], [0, '']);
  const said = String(stdout);
  assert.match(said, /^clcache \d+\.\d+\.\d+\S*\nLicence: BSD-3-Clause\nCompiler: [^\n]+\n/);
  // mesonbuild/compilers/detect.py: `'CL.EXE COMPATIBILITY' in out` within `'clang' in out`.
  assert.ok(said.includes('CL.EXE COMPATIBILITY') && said.includes('clang version'), said);
});

test('Meson finds in --version the cl on PATH, by its output on stderr', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  place.script('bin/cl', `echo '${BANNER}' >&2; [ "$*" != '' ] && exit 2`);
  const { status, stdout, stderr } = await place.run(executable(), ['--version'], ['bin']);
  assert.equal(status, 0);
  assert.match(String(stdout), /^clcache [^\n]+\nLicence: [^\n]+\nCompiler: [^\n]+\/bin\/cl\n$/);
  // There it looks for "Microsoft", the first version, and the target in the first line.
  assert.equal(String(stderr), `${BANNER}\n`);
});

test('--version is clcache’s alone without a compiler, or with an unknown one', {
  skip,
}, async (t) => {
  const place = new ProgramPlace(t);
  const gcc = place.talking('bin/gcc', 'gcc (GCC) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.');
  const broken = place.script('bin/broken', 'kill -9 $$');
  for (const CLCACHE_CL of ['', gcc, broken, '/gone/cl']) {
    const [status, said] = await place.outcome(executable(), ['--version'], [], { CLCACHE_CL });
    assert.equal(status, 0);
    assert.match(said, /^clcache [^\n]+\nLicence: BSD-3-Clause\n$/, CLCACHE_CL);
  }
});

test('clang-cl and clang answer -? and /? through clcache as they do alone', {
  skip,
}, async (t) => {
  const place = new ProgramPlace(t);
  const clangCl = findClangCl().path;
  const clang = clangCl.replace('clang-cl', 'clang');
  for (const [compiler, question] of [
    [clangCl, '-?'],
    [clangCl, '/?'],
    [clangCl, '--version'],
    [clang, '-?'],
    [clang, '--version'],
  ] as const) {
    const bare = await place.outcome(compiler, [question], []);
    assert.deepEqual(
      await place.outcome(executable(), [compiler, question], []),
      bare,
      `${compiler} ${question}`,
    );
    const env = { CLCACHE_CL: compiler };
    if (question !== '--version')
      assert.deepEqual(await place.outcome(executable(), [question], [], env), bare);
  }
});

test('Rust’s cc gets its preprocessed question answered by the compiler that CLCACHE_CL names', {
  skip,
}, async (t) => {
  const place = new ProgramPlace(t);
  const source = join(place.root, 'detect_compiler_family.c');
  writeFileSync(source, '#ifdef __clang__\n#pragma message "clang"\n#endif\n');
  const call = (words: readonly string[], env: Readonly<Record<string, string>>) =>
    place.run(executable(), words, [], env);
  const { status, stdout } = await call(['-E', '--', source], { CLCACHE_CL: findClangCl().path });
  assert.equal(status, 0);
  assert.ok(String(stdout).includes('"clang"'));
});

test('SCons puts all but the first word of a long line into a file', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  symlinkSync(findClangCl().path, place.path('a folder/clang-cl'));
  const defines = Array.from({ length: 500 }, (_, index) => `/DNAME${index}="a b"`).join(' ');
  const line = `"${place.path('a folder/clang-cl')}" --target=x86_64-pc-linux-gnu /nologo /Foa.obj /c a.c ${defines}\n`;
  writeFileSync(join(place.root, 'line.lnk'), line);
  for (const round of ['miss', 'hit'])
    assert.deepEqual(await place.outcome(executable(), ['@line.lnk'], []), [0, ''], round);
  const counted = await counters(place.cache);
  assert.deepEqual([counted['CacheMisses'], counted['CacheHits']], [1, 1]);
});
