/** clcache before programs other than cl and clang-cl, and how it finds them, on Linux. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counters } from '../helpers/cmake-builds.ts';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { ProgramPlace } from './program-place.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const COMPILE = ['/nologo', HOST_TARGET, '/c', 'a.c'];

const GCC = 'gcc (Debian 12.2.0-14) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.';

test('a program that is neither cl nor clang-cl gets its call unchanged, and the call is counted', {
  skip,
}, async (t) => {
  const place = new ProgramPlace(t);
  const others = {
    gcc: place.talking('bin/gcc', GCC),
    'x86_64-w64-mingw32-g++-12': place.talking('bin/x86_64-w64-mingw32-g++-12', GCC),
    'gcc called cl.exe': place.talking('bin/cl.exe', GCC),
    unknown: place.talking('bin/unknown', 'unknown 1.0'),
    'clang-14': place.script(
      'bin/clang-14',
      `case "$*" in --version) echo clang version 14.0.6;; -\\?) exit 1;; *) printf '%s\\n' "$0" "$@"; esac`,
    ),
  };
  let calls = 0;
  for (const [name, program] of Object.entries(others)) {
    const line = ['-c', 'a.c', '-o', 'a.o', '-DX="two words"', ''];
    const expected = [0, `${[program, ...line].join('\n').replace(place.root, '')}\n`];
    assert.deepEqual(await place.outcome(executable(), [program, ...line], []), expected, name);
    assert.deepEqual(await place.outcome(executable(), line, [], { CLCACHE_CL: program }), expected, name);
    calls += 2;
  }
  const counted = await counters(place.cache);
  assert.deepEqual([counted['CallsForOtherPrograms'], counted['CacheMisses']], [calls, 0]);
});

test('an unknown program gets all of its standard input, and lines of any length', {
  skip,
}, (t) => {
  const place = new ProgramPlace(t);
  const program = place.script('bin/reader', 'cat; printf "%s" "$#"');
  const words = Array.from({ length: 2000 }, (_, index) => `${index}-${'x'.repeat(110)}`);
  const { status, stdout } = spawnSync(executable(), [program, ...words], {
    cwd: place.root,
    env: cleanEnvironment({ CLCACHE_DIR: place.cache }),
    input: 'given',
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout], [0, 'given2000']);
});

test('the environment of an unknown program is unchanged', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  const program = place.script('bin/gcc', `[ "$*" != --version ] || exec echo '${GCC}'\nexec /usr/bin/env`);
  const env = { VS_UNICODE_OUTPUT: '1', CL: '/O2', _CL_: '/W4' };
  const bare = await place.run(program, ['-c', 'a.c'], [], env);
  const through = await place.run(executable(), [program, '-c', 'a.c'], [], env);
  const variables = (text: Buffer) =>
    String(text)
      .split('\n')
      .filter((line) => !/^(?:_|SHLVL)=/.test(line))
      .sort();
  assert.deepEqual(variables(through.stdout), variables(bare.stdout));
});

test('a real clang and a real gcc compile as they would alone', { skip }, async (t) => {
  const clang = findClangCl().path.replace('clang-cl', 'clang');
  for (const compiler of [clang, '/usr/bin/gcc'].filter((path) => existsSync(path))) {
    const place = new ProgramPlace(t);
    const folders = ['/usr/bin', '/bin'];
    const call = () =>
      run(executable(), [compiler, '-c', 'a.c', '-o', 'a.o'], {
        cwd: place.root,
        env: { CLCACHE_DIR: place.cache, PATH: folders.join(':') },
      });
    const { status, stdout, stderr } = await call();
    assert.deepEqual([status, String(stdout), String(stderr)], [0, '', '']);
    assert.ok(readFileSync(join(place.root, 'a.o')).includes('compiled'));
  }
});

test('a renamed cl, and a script before a clang-cl, are cached', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  symlinkSync(findClangCl().path, place.path('bin/my-cl'));
  place.script('bin/compile.sh', `exec '${findClangCl().path}' "$@"`);
  for (const program of ['my-cl', 'compile.sh']) {
    for (const round of ['miss', 'hit'])
      assert.deepEqual(await place.outcome(executable(), [program, ...COMPILE], ['bin']), [0, ''], round);
  }
  const counted = await counters(place.cache);
  assert.deepEqual([counted['CacheMisses'], counted['CacheHits']], [2, 2]);
});

test('a line in a file whose first word is the compiler is cached like the line itself', {
  skip,
}, async (t) => {
  const place = new ProgramPlace(t);
  writeFileSync(join(place.root, 'line.rsp'), [findClangCl().path, ...COMPILE].join(' '));
  for (const round of ['miss', 'hit'])
    assert.deepEqual(await place.outcome(executable(), ['@line.rsp'], []), [0, ''], round);
  const counted = await counters(place.cache);
  assert.deepEqual([counted['CacheMisses'], counted['CacheHits']], [1, 1]);
});

test('a missing program is reported with what names it', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  symlinkSync(executable(), place.path('first/cl'));
  const clcache = executable();
  for (const [program, line, CLCACHE_CL, expected] of [
    [
      clcache,
      'nonsense-cl /c a.c',
      findClangCl().path,
      "'nonsense-cl' on PATH (/bin and 1 more), which the line names;",
    ],
    [clcache, './gone/cl.exe /c a.c', findClangCl().path, './gone/cl.exe, which the line names;'],
    [
      clcache,
      'nonsense-cl /c a.c',
      'gone-cl',
      "'nonsense-cl' on PATH (/bin and 1 more), which the line names;",
    ],
    [clcache, '/c a.c', 'gone-cl', "'gone-cl' on PATH (/bin and 1 more), which CLCACHE_CL names;"],
    [
      place.path('first/cl'),
      '/c a.c',
      './gone-cl',
      './gone-cl, which CLCACHE_CL names (this is clcache, called as cl)',
    ],
  ] as const) {
    const [status, said] = await place.outcome(program, line.split(' '), ['bin', 'other'], { CLCACHE_CL });
    assert.equal(status, 1);
    assert.ok(said.startsWith(`clcache: no compiler found: searched ${expected}`), said);
  }
});

test('a missing compiler is reported with a hint, and clcache ends with 1', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  for (const [line, pattern] of [
    ['nonsense-cl /c a.c', /'nonsense-cl'[^\n]*--help/],
    // `s` is part of the names of many folders.
    ['s /c a.c', /'s' is not a program either; see clcache --help/],
    ['nonsense /c a.c', /'nonsense' is not a program either; see clcache --help/],
    ['./gone/cl.exe /c a.c', /\.\/gone\/cl\.exe[^\n]*--help/],
    ['/c a.c', /'cl\.exe'[^\n]*--help/],
    ['-v', /--version, or --help/],
  ] as const) {
    const [status, said] = await place.outcome(executable(), line.split(' '), ['bin']);
    assert.equal(status, 1);
    assert.match(said, /^clcache: [^\n]+\n$/);
    assert.match(said, pattern);
  }
});
