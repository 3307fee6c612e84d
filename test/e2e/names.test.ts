/** The program under other names, on Linux. */

import assert from 'node:assert/strict';
import { copyFileSync, linkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { executable } from '../helpers/compilers.ts';
import { ProgramPlace } from './program-place.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const BIN = join(ROOT, 'bin');

const OWN_OPTIONS = [
  '--version',
  '-C',
  '-c',
  '-z',
  '-s',
  '--help',
  '-h',
  '--stats',
  '-M=5',
  '--cmake',
  '--show-stats',
];

for (const name of ['cl', 'cl.exe', 'clang-cl', 'clang-cl.exe', 'clang-cl-14', 'CLANG-CL.EXE']) {
  test(`clcache called as ${name} passes every word of the line to the next ${name} on PATH`, {
    skip,
  }, async (t) => {
    const place = new ProgramPlace(t);
    symlinkSync(executable(), place.path(`first/${name}`));
    place.talking(`second/${name}`);
    place.talking('second/other-cl');
    const call = (...args: readonly string[]) =>
      place.outcome(place.path(`first/${name}`), args, ['first', 'second']);
    for (const option of OWN_OPTIONS.filter((word) => word !== '--version'))
      assert.deepEqual(await call(option), [0, `/second/${name}\n${option}\n`]);
    assert.deepEqual(await call('--version'), [0, 'clang version 14.0.0\n']);
    assert.deepEqual(await call('other-cl', '-s'), [0, `/second/${name}\nother-cl\n-s\n`]);
  });
}

const WAYS_TO_RENAME: Readonly<Record<string, (from: string, to: string) => void>> = {
  'a copy': copyFileSync,
  'a hard link': (from, to) => {
    copyFileSync(from, `${to}.file`);
    linkSync(`${to}.file`, to);
  },
  'a symbolic link': symlinkSync,
};

for (const [what, place] of Object.entries(WAYS_TO_RENAME)) {
  test(`clcache as ${what} called clang-cl runs the next clang-cl, not cl.exe, unless CLCACHE_CL says so`, {
    skip,
  }, async (t) => {
    const here = new ProgramPlace(t);
    place(executable(), here.path('first/clang-cl'));
    here.talking('second/cl.exe');
    here.talking('second/clang-cl');
    const named = here.talking('named/my-cl');
    const folders = ['first', 'second'];
    const call = (program: string, env?: Readonly<Record<string, string>>) =>
      here.outcome('/usr/bin/env', [program, '/EP', 'a.c'], folders, env);
    for (const program of ['clang-cl', here.path('first/clang-cl')])
      assert.deepEqual(await call(program), [0, '/second/clang-cl\n/EP\na.c\n'], program);
    assert.deepEqual(await call('clang-cl', { CLCACHE_CL: named }), [0, '/named/my-cl\n/EP\na.c\n']);
  });
}

test('the script of the npm package behaves as the compiler whose name its link has', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  symlinkSync(join(BIN, 'clcache.js'), place.path('first/clang-cl'));
  place.talking('second/clang-cl');
  const line = [place.path('first/clang-cl'), '-s'];
  const expected = [0, '/second/clang-cl\n-s\n'];
  assert.deepEqual(await place.outcome(process.execPath, line, ['first', 'second']), expected);
});

test('clcache under the name of a missing compiler says which one, and ends with 1', { skip }, async (t) => {
  const place = new ProgramPlace(t);
  symlinkSync(executable(), place.path('first/clang-cl-14'));
  place.talking('second/cl.exe');
  const [status, said] = await place.outcome(
    place.path('first/clang-cl-14'),
    ['/c', 'a.c'],
    ['first', 'second'],
  );
  assert.equal(status, 1);
  assert.match(
    said,
    /^clcache: no compiler found: searched 'clang-cl-14' on PATH [^\n]*called as clang-cl-14\)\n$/,
  );
});

for (const name of ['clcache', 'clcache-5.1', 'cache']) {
  test(`clcache called as ${name} has own options`, { skip }, async (t) => {
    const place = new ProgramPlace(t);
    symlinkSync(executable(), place.path(`first/${name}`));
    const [status, said] = await place.outcome(place.path(`first/${name}`), ['-s'], []);
    assert.equal(status, 0);
    assert.match(said, /^clcache statistics:/);
  });
}
