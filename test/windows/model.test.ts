/**
 * The Windows executable with the model of cl (`fixtures/model/`): databases, precompiled headers, `/Z7` and notes, with
 * the paths, servers and rules for open files of Windows.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { buildModel } from '../helpers/model-compiler.ts';
import { hostTools } from './harness/install.ts';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, product } from './harness/product.ts';
import { runWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

const ON_WINE_ONLY = { skip: !ON_WINE && 'cl itself is there' };

let machine: Machine;
let model: string;
before(async () => {
  machine = await prepareMachine();
  if (ON_WINE) model = buildModel(hostTools().mingw, '.exe');
});

/** A folder with sources, and the model through clcache. */
function projectWith(t: TestContext, variables: Readonly<Record<string, string>>) {
  const w = workspace(t);
  w.write('h.h', '#define H 1\n');
  w.write('pch.h', '#include "h.h"\n');
  w.write('pch.c', '#include "pch.h"\n');
  w.write('a.c', '#include "pch.h"\nint a = H;\n');
  const env = { MODEL_CLANG_CL: toWindowsPath(machine.compiler), ...variables };
  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), {
    cwd: w.root,
    env,
  });
  return {
    w,
    read: (name: string) => readFileSync(w.at(name)),
    remove: (...names: readonly string[]) => {
      for (const name of names) rmSync(w.at(name));
    },
    /** A call through clcache: what it was, and what it printed. */
    async served(...words: readonly string[]): Promise<[kind: string, stdout: string]> {
      const earlier = await clcache.statistics();
      const args = [toWindowsPath(join(model, 'cl.exe')), '/nologo', '/c', ...words];
      const { status, stdout, stderr } = await clcache.run(args);
      assert.equal(status, 0, `${words.join(' ')}: ${stdout}${stderr}`);
      assert.equal(String(stderr), '');
      const now = await clcache.statistics();
      const kinds = { CacheHits: 'hit', CacheMisses: 'miss' } as const;
      const kind = Object.entries(kinds).find(([counter]) => now(counter) !== earlier(counter));
      return [kind?.[1] ?? 'passed on', String(stdout)];
    },
    async link(...objects: readonly string[]): Promise<string> {
      return String((await runWindows(join(model, 'link.exe'), objects, { cwd: w.root })).stdout);
    },
  };
}

test(
  'on Windows, an object and its database are one result, also if its server still writes',
  ON_WINE_ONLY,
  async (t) => {
    const { w, read, remove, served, link } = projectWith(t, { CLCACHE_PDB: '1', MODEL_SERVER_MS: '400' });
    const args = ['/Zi', '/FS', `/Fd${toWindowsPath(w.at('x.pdb'))}`, 'a.c'];
    assert.deepEqual(await served(...args), ['miss', 'a.c\r\n']);
    const files = [read('a.obj'), read('x.pdb')];
    remove('a.obj', 'x.pdb');
    assert.deepEqual(await served(...args), ['hit', 'a.c\r\n']);
    assert.deepEqual([read('a.obj'), read('x.pdb')], files);
    // Another object names the same file in other letters.
    assert.deepEqual(await served('/Zi', '/FdX.PDB', 'pch.c'), ['passed on', 'pch.c\r\n']);
    assert.equal(await link('a.obj', 'pch.obj'), '');
  },
);

test(
  'on Windows, a precompiled header, its object and its user are hits and belong together',
  ON_WINE_ONLY,
  async (t) => {
    const { remove, served, link } = projectWith(t, { CLCACHE_PCH: '1', CLCACHE_Z7: '1' });
    const make = ['/Zi', '/Fdall.pdb', '/FS', '/Ycpch.h', '/Fpx.pch', 'pch.c'];
    const use = ['/Zi', '/Fdall.pdb', '/FS', '/Yupch.h', '/Fpx.pch', 'a.c'];
    for (const kind of ['miss', 'hit']) {
      assert.equal((await served(...make))[0], kind);
      assert.equal((await served(...use))[0], kind);
      assert.equal(await link('pch.obj', 'a.obj'), '');
      remove('pch.obj', 'x.pch', 'a.obj');
    }
  },
);

test(
  'on Windows, notes that the model writes one by one are printed on the hit as well',
  ON_WINE_ONLY,
  async (t) => {
    const { w, served } = projectWith(t, { MODEL_PACE_MS: '5' });
    const [first, shown] = await served('/showIncludes', 'a.c');
    const note = (indent: string, name: string) =>
      `Note: including file:${indent}${toWindowsPath(w.at(name))}\r\n`;
    assert.deepEqual(
      [first, shown.replaceAll('./', '')],
      ['miss', `a.c\r\n${note(' ', 'pch.h')}${note('  ', 'h.h')}`],
    );
    assert.deepEqual(await served('/showIncludes', 'a.c'), ['hit', shown]);
    w.write('h.h', '#define H 2\n');
    assert.equal((await served('/showIncludes', 'a.c'))[0], 'miss');
  },
);
