/** What MSBuild relies on: an inherited pipe for messages, and a call of Windows that its file tracking knows. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { hostTools } from './harness/install.ts';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, EXECUTABLE, product } from './harness/product.ts';
import { runWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

const SOURCE = join(ROOT, 'test/windows/fixtures/pipe-giver.c');
const ON_WINE_ONLY = { skip: !ON_WINE && 'test/real-windows/msbuild.test.ts shows it with MSBuild' };

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

test(
  'the handle of SARIF_OUTPUT_PIPE reaches the compiler, whose messages come through once a call',
  ON_WINE_ONLY,
  async (t) => {
    const w = workspace(t);
    const giver = w.at('giver.exe');
    const built = spawnSync(hostTools().mingw, ['-O1', '-Wall', '-municode', SOURCE, '-o', giver], {
      encoding: 'utf8',
    });
    assert.equal(built.status, 0, built.stderr);
    mkdirSync(w.at('bin'));
    copyFileSync(giver, w.at('bin/cl.exe'));
    w.write('a.c', 'int a;\n');
    const line = [EXECUTABLE, w.at('bin/cl.exe')].map(toWindowsPath);
    const env = { CLCACHE_DIR: toWindowsPath(w.at('cache')) };
    // The first call has to learn what the compiler is.
    for (const call of ['first', 'second']) {
      const { status, stdout, stderr } = await runWindows(giver, [...line, '/c', 'a.c'], {
        cwd: w.root,
        env,
      });
      assert.deepEqual([status, String(stdout), String(stderr)], [0, 'message', ''], call);
    }
  },
);

test(
  'a hit puts the object in place by MoveFileEx, which file tracking sees as a write',
  ON_WINE_ONLY,
  async (t) => {
    const w = workspace(t);
    w.write('a.c', 'int a;\n');
    const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), {
      cwd: w.root,
    });
    assert.equal((await clcache.compile(['/nologo', '/c', 'a.c'])).status, 0);
    rmSync(w.at('a.obj'));
    // Wine tells of each call about files.
    const env = { WINEDEBUG: '+file', TRACKER_ENABLED: '1' };
    const { status, stderr } = await clcache.compile(['/nologo', '/c', 'a.c'], { env });
    assert.equal(status, 0);
    const moves = String(stderr).match(/MoveFileWithProgressW? \(L"[^"]*\.clcache",L"[^"]*\\\\a\.obj"/g);
    assert.equal(
      moves?.length,
      1,
      String(stderr)
        .match(/.*a\.obj.*/g)
        ?.join('\n'),
    );
    assert.equal((await clcache.statistics())('CacheHits'), 1);
  },
);
