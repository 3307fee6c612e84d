/** Every own option in the Windows executable, started as users start it. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { checkOwnLine, OWN_LINES, type OwnLine, SERVER_LINES } from '../helpers/own-lines.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, EXECUTABLE, product } from './harness/product.ts';
import { runMany, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

const AT_ONCE = 3;

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

test('the Windows executable does what its own options say, and reports in one line what is wrong with them', async (t) => {
  const w = workspace(t);
  mkdirSync(w.at('sub'));
  w.write('text', 'no archive');
  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), {
    cwd: w.root,
  });
  const run = async (lines: readonly OwnLine[], atOnce: number) => {
    const words = (word: string) => word.replace('FOLDER/', `${toWindowsPath(w.root)}\\`);
    const ends = await runMany(
      lines.map(({ line }) => clcache.call(line.map(words))),
      atOnce,
    );
    for (const [index, own] of lines.entries()) checkOwnLine(own, ends[index] ?? NOTHING);
  };
  const lines = Object.values(OWN_LINES).flat();
  await run(
    lines.filter(({ says }) => says),
    1,
  );
  // These change nothing, so they may run side by side.
  await run(
    lines.filter(({ says }) => !says),
    AT_ONCE,
  );
});

test('the Windows executable finds cl, and compiles for trial as cl does', async (t) => {
  const w = workspace(t);
  const clcache = clcacheOf(machine, product(machine, 'the Windows executable'), w.at('cache'), {
    cwd: w.root,
    env: { CLCACHE_CL: machine.compiler },
  });
  const [end] = await runMany([clcache.call(['--doctor', '--json'])], 1);
  const said: { findings: { check: string; found: string }[] } = JSON.parse(String(end?.stdout));
  const found = (check: string) => said.findings.find((one) => one.check === check)?.found ?? '';
  assert.match(found('compiler'), /cl\.exe, named by CLCACHE_CL: (?:clang-)?cl, \w/);
  assert.match(found('trial compile'), /^cold .*, warm .*byte for byte$/);
  assert.equal(end?.status, 0);
});

test('the Windows hash server does what its options say, and reports in one line what is wrong with them', async () => {
  const program = join(dirname(EXECUTABLE), 'clcache-server.exe');
  // There is one pipe for the whole machine, so servers are started only in another test.
  const lines = Object.values(SERVER_LINES)
    .flat()
    .filter(({ starts }) => !starts);
  const ends = await runMany(
    lines.map(({ line }) => ({ program, args: line })),
    AT_ONCE,
  );
  for (const [index, own] of lines.entries()) checkOwnLine(own, ends[index] ?? NOTHING, 'clcache-server');
});

const NOTHING = { status: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
