/** The Windows executable under the names of compilers, and several of them in a chain. */
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { before, type TestContext, test } from 'node:test';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, EXECUTABLE, product } from './harness/product.ts';
import { runWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

/** Folders of programs, in the order of PATH, and a scripted compiler that prints only its arguments. */
function setUp(t: TestContext) {
  const w = workspace(t);
  w.write('a.c', 'char text[] = "compiled";\n');
  for (const folder of ['first', 'second', 'last']) mkdirSync(w.at(folder));
  const path = ['first', 'second', 'last'].map((folder) => w.at(folder));
  const env = { CLCACHE_DIR: toWindowsPath(w.at('cache')) };
  const run = (program: string, args: readonly string[]) =>
    runWindows(program, args, { cwd: w.root, path, env });
  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'));
  return { w, run, clcache };
}

const WAYS_TO_RENAME = { 'a copy': copyFileSync, 'a hard link': linkSync, 'a symbolic link': symlinkSync };

for (const [what, place] of Object.entries(WAYS_TO_RENAME)) {
  test(`clcache as ${what} called CLANG-CL-14.EXE runs the next clang-cl-14.exe, for every word of the line`, async (t) => {
    const { w, run, clcache } = setUp(t);
    place(EXECUTABLE, w.at('first', 'CLANG-CL-14.EXE'));
    copyFileSync(machine.compiler, w.at('last', 'clang-cl-14.exe'));
    for (const option of ['-C', '-s', '--stats']) {
      const { stdout, stderr } = await run(w.at('first', 'CLANG-CL-14.EXE'), [option]);
      assert.doesNotMatch(`${stdout}${stderr}`, /clcache|Cache cleared|statistics/, option);
      assert.match(String(stderr), /no input files/, option);
    }
    const version = await run(w.at('first', 'CLANG-CL-14.EXE'), ['--version']);
    assert.match(String(version.stdout), /^[^\n]*clang version /);
    for (const round of ['miss', 'hit']) {
      const { status, stderr } = await run(w.at('first', 'CLANG-CL-14.EXE'), ['/nologo', '/c', 'a.c']);
      assert.equal(status, 0, `${round}: ${stderr}`);
    }
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
  });
}

test('two builds called cl.exe end in the real one, and in one line if there is none', async (t) => {
  const { w, run } = setUp(t);
  copyFileSync(EXECUTABLE, w.at('first', 'cl.exe'));
  copyFileSync(EXECUTABLE, w.at('second', 'cl.exe'));
  appendFileSync(w.at('second', 'cl.exe'), '\n');
  for (const folder of ['first', 'second']) {
    const { status, stdout, stderr } = await run(w.at(folder, 'cl.exe'), ['/nologo', '/c', 'a.c']);
    assert.deepEqual([status, String(stdout)], [1, '']);
    assert.match(String(stderr), /^clcache: no compiler found: [^\r\n]+\r?\n$/);
  }
  copyFileSync(machine.compiler, w.at('last', 'cl.exe'));
  for (const folder of ['first', 'second']) {
    const { status, stdout, stderr } = await run(w.at(folder, 'cl.exe'), ['/nologo', '/c', 'a.c']);
    assert.deepEqual([status, String(stdout)], [0, 'a.c\r\n'], String(stderr));
  }
});
