/** `clcache --doctor` of the built programs, with a real compiler. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { CHECKS } from '../../src/doctor/checks.ts';
import { executable, findClangCl, run } from '../helpers/compilers.ts';
import { type Workspace, workspace } from './workspace.ts';

const skip = process.platform === 'win32' && 'a Linux compiler is the point';
const NPM = [process.execPath, join(ROOT, 'bin/clcache.js')] as const;

interface Examined {
  readonly served: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly mark: string;
    readonly found: string;
    readonly stops?: true;
  }[];
}

/** What the doctor says in JSON, with a folder for temporary files in which it must leave nothing. */
async function examined(
  space: Workspace,
  env: Readonly<Record<string, string | undefined>>,
  [program, ...first]: readonly [string, ...string[]] = [executable()],
) {
  const TMPDIR = space.path('tmp');
  mkdirSync(TMPDIR, { recursive: true });
  const { status, stdout, stderr } = await run(program, [...first, '--doctor', '--json'], {
    cwd: space.folder,
    env: { CLCACHE_DIR: space.cache, CLCACHE_CL: findClangCl().path, TMPDIR, ...env },
  });
  assert.equal(String(stderr), '');
  assert.deepEqual(readdirSync(TMPDIR), []);
  const result: Examined = JSON.parse(String(stdout));
  assert.equal(status, result.served ? 0 : 1);
  const found = (check: string) => result.findings.filter((finding) => finding.check === check);
  return { ...result, found };
}

test('the executable makes every check, compiles for trial, and leaves the user’s cache as it was', {
  skip,
}, async (t) => {
  const space = workspace(t, { isBlank: true });
  const { served, findings, found } = await examined(space, {});
  assert.ok(served, JSON.stringify(findings));
  assert.deepEqual(
    [...new Set(findings.map(({ check }) => check))],
    CHECKS.map(({ title }) => title),
  );
  assert.match(found('trial compile')[0]?.found ?? '', /^cold .*, warm .*, header changed .*byte for byte$/);
  assert.match(found('compiler')[0]?.found ?? '', /clang version \d/);
  assert.ok(!existsSync(space.cache));
});

test('the npm package does the same', { skip }, async (t) => {
  const { served, found } = await examined(workspace(t), {}, NPM);
  assert.ok(served);
  assert.match(found('trial compile')[0]?.found ?? '', /byte for byte$/);
});

test('options in CL and _CL_ that keep everything from being cached are named, with a cure', {
  skip,
}, async (t) => {
  const space = workspace(t);
  const { served, found } = await examined(space, { CL: '/O2', _CL_: '/E' });
  assert.equal(served, false);
  assert.match(found('options')[0]?.found ?? '', /^no call is cached: \/E .*, from _CL_$/);
  assert.equal(found('trial compile')[0]?.mark, 'look');
  const relative = await examined(space, { CL: '/FIonly-here.h' });
  assert.deepEqual(
    relative.found('trial compile').map(({ mark }) => mark),
    ['good', 'look'],
  );
  const variable = await examined(space, { CC_PRINT_OPTIONS: '1' });
  assert.match(variable.found('options')[0]?.found ?? '', /CC_PRINT_OPTIONS is set$/);
});

test('a compiler that is clcache, a folder, a text or that always fails keeps a build from being served', {
  skip,
}, async (t) => {
  const space = workspace(t);
  space.write('text', 'no program\n');
  for (const CLCACHE_CL of [executable(), space.folder, space.path('text'), 'no-such-cl'])
    assert.equal((await examined(space, { CLCACHE_CL })).found('compiler')[0]?.stops, true, CLCACHE_CL);
  const asks =
    'case "$*" in *--version*) echo "clang version 19.0.0" ;; *-###*) ;; *) echo no licence >&2; exit 3 ;; esac';
  space.write('fails-cl', `#!/bin/sh\n${asks}\n`);
  await run('chmod', ['+x', space.path('fails-cl')]);
  const { found } = await examined(space, { CLCACHE_CL: space.path('fails-cl') });
  assert.match(
    found('trial compile')[0]?.found ?? '',
    /^the compiler alone fails with status 3: no licence$/,
  );
});

test('it goes on without a home, in a folder that was deleted, and without room for temporary files', {
  skip,
}, async (t) => {
  const space = workspace(t);
  const { served } = await examined(space, { HOME: undefined });
  assert.ok(served);
  mkdirSync(space.path('gone'));
  const script = `cd '${space.path('gone')}' && rmdir '${space.path('gone')}' && exec '${executable()}' --doctor`;
  const env = { CLCACHE_DIR: space.cache, CLCACHE_CL: findClangCl().path };
  const gone = await run('/bin/sh', ['-c', script], { env });
  assert.deepEqual([gone.status, String(gone.stderr)], [1, '']);
  assert.match(String(gone.stdout), /✗ compiler +this folder was deleted[\s\S]*✓ trial compile/);
  const TMPDIR = join(space.folder, 'no-such-folder');
  const full = await run(executable(), ['--doctor'], { cwd: space.folder, env: { ...env, TMPDIR } });
  assert.match(String(full.stdout), /! trial compile +not made: no folder can be made in/);
  rmSync(TMPDIR, { force: true, recursive: true });
});
