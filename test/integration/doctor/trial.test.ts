import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkOptions } from '../../../src/doctor/checks/options.ts';
import { checkTrial } from '../../../src/doctor/checks/trial-compile.ts';
import { configOf, foundCompiler, linesOf } from '../../doctor/surroundings.ts';
import { findClangCl, temporaryFolder } from '../../helpers/compilers.ts';

/** What the doctor says of a script that it tries as the compiler. */
async function said(t: TestContext, script: string, longestMs?: number): Promise<string> {
  const folder = temporaryFolder(t);
  const path = join(folder, 'script-cl');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  mkdirSync(join(folder, 'room'));
  const findings = await checkTrial({
    compiler: foundCompiler({}, { path }),
    config: configOf({ PATH: process.env['PATH'] ?? '' }),
    self: '/opt/clcache',
    room: { kind: 'folder', path: join(folder, 'room'), remove: () => {} },
    ...(longestMs !== undefined && { longestMs }),
  });
  return linesOf(findings)[0] ?? '';
}

test('a compiler that does not end is given up', async (t) => {
  assert.match(await said(t, 'exec sleep 2', 100), /^stops the compiler did not end: the trial took over/);
});

test('a script that makes another object each time is not taken for a fault of clcache', async (t) => {
  const other = `'${findClangCl().path}' "$@" || exit; test ! -f trial.obj || date +%s%N >> trial.obj`;
  assert.match(await said(t, other), /^look the compiler makes another object/);
});

test('options in CL that fit the folder of the user or every clean source, or wait for the build, are served', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'work'));
  writeFileSync(join(folder, 'work/common.c'), 'int common;\n');
  const inFolder = [
    ['common.c', 'good nothing in CL', /^good .*\nlook that was without CL, .* a source is missing/],
    ['../work/common.c', 'good nothing in CL', /^good .*\nlook that was without CL/],
    ['missing.c', 'stops no call is cached: a source is missing, from CL', /^look not made/],
    [
      '/Yupre.h',
      'look no call is cached: the precompiled header pre.pch is no file, from CL, as',
      /^look not made/,
    ],
    ['/Yupre.h /Fpout/pre.pch', 'look no call is cached: the precompiled header', /^look not made/],
    ['/Wall /WX', 'good nothing in CL', /^good [^\n]*$/],
    ['/TC /WX -Weverything', 'good nothing in CL', /^good [^\n]*$/],
    ['/W4 /WX /O2 -Wpedantic', 'good nothing in CL', /^good [^\n]*$/],
  ] as const;
  for (const [index, [CL, options, trial]] of inFolder.entries()) {
    const path = join(folder, `room${index}`);
    mkdirSync(path);
    const needed = {
      compiler: foundCompiler({}, { path: findClangCl().path }),
      config: configOf({ PATH: process.env['PATH'] ?? '', CL }, join(folder, 'work')),
      self: '/opt/clcache',
      room: { kind: 'folder', path, remove: () => {} },
    } as const;
    const [first = ''] = linesOf(await checkOptions(needed));
    assert.ok(first.startsWith(options), first);
    assert.match(linesOf(await checkTrial(needed)).join('\n'), trial);
  }
});

test('what CL keeps from the cache is told in a sentence, with what to do', async (t) => {
  const folder = temporaryFolder(t);
  for (const [index, [CL, line]] of (
    [
      ['/Zs', /: \/Zs checks syntax only, from CL => take \/Zs out of CL$/],
      ['/O2 /Zs', /=> take \/Zs out of CL$/],
      ['-fmodules', /=> take -fmodules out of CL$/],
      [
        '/link',
        /: \/link in CL gives all that follows to the linker, also the source => take it out of CL: link/,
      ],
      ['/O2 -link /DEBUG', /: \/link in CL gives all that follows to the linker/],
    ] as const
  ).entries()) {
    const path = join(folder, `room${index}`);
    mkdirSync(path);
    const [said = ''] = linesOf(
      await checkOptions({
        compiler: foundCompiler({}, { path: findClangCl().path }),
        config: configOf({ PATH: process.env['PATH'] ?? '', CL }, folder),
        self: '/opt/clcache',
        room: { kind: 'folder', path, remove: () => {} },
      }),
    );
    assert.match(said, line);
    assert.ok(said.startsWith('stops no call is cached: '), said);
  }
});
