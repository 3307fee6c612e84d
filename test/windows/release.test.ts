/** The archive of a release for Windows, unpacked and used as somebody uses it who has just fetched it. */
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { membersOf, NAMES_SCRIPT } from '../../bin/dev/release/contents.ts';
import { writeZip } from '../../bin/dev/release/zip.ts';
import { unpack } from '../helpers/unpack.ts';
import { prepareMachine } from './harness/prefix.ts';
import { clcacheOf, product } from './harness/product.ts';
import { runWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

test('the unpacked program has its other names after other-names.cmd, and makes a miss and a hit under one of them', async (t) => {
  const machine = await prepareMachine();
  const w = workspace(t);
  w.write('a.c', 'char text[] = "compiled";\n');
  await writeZip(w.at('a.zip'), membersOf('windows', 'own'), { date: '2026-11-26', level: 0 });
  await unpack(w.at('a.zip'), w.root);
  const made = await runWindows('cmd', ['/d', '/c', toWindowsPath(w.at('own', NAMES_SCRIPT.windows))]);
  assert.equal(made.status, 0, `${made.stdout}${made.stderr}`);
  for (const name of ['clcache-server', 'clcachesrv', 'bin/cl', 'bin/clang-cl'])
    assert.ok(existsSync(w.at('own', `${name}.exe`)), name);

  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'));
  const options = {
    cwd: w.root,
    path: [dirname(machine.compiler)],
    env: { CLCACHE_DIR: toWindowsPath(w.at('cache')) },
  };
  for (const round of ['miss', 'hit']) {
    const { status, stderr } = await runWindows(
      w.at('own', 'bin', 'cl.exe'),
      ['/nologo', '/c', 'a.c'],
      options,
    );
    assert.equal(status, 0, `${round}: ${stderr}`);
    rmSync(w.at('a.obj'));
  }
  const counted = await clcache.statistics();
  assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
});
