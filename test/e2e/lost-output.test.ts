import assert from 'node:assert/strict';
import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundle, cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { counted, type Workspace, workspace } from './workspace.ts';

/** A file without any room. Programs that the test starts only write to it. */
const FULL = '/dev/full';
const NEEDS_FULL = existsSync(FULL) ? false : `needs ${FULL}`;

type Lost = 'stdout' | 'stderr';
type Command = readonly [string, ...string[]];

const FORMS: Readonly<Record<string, () => Command>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

/** Runs a program with one of its streams on a full disk. Returns the other stream. */
async function runOnFullDisk(
  space: Workspace,
  [program, ...args]: Command,
  lost: Lost,
): Promise<{ status: number | null; other: string }> {
  const full = openSync(FULL, 'w');
  const stdio: StdioOptions = [
    'ignore',
    lost === 'stdout' ? full : 'pipe',
    lost === 'stderr' ? full : 'pipe',
  ];
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
  const child = spawn(program, args, { cwd: space.folder, env, stdio });
  closeSync(full);
  let other = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (other += bytes));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, other })));
}

/** Runs a program whose reader ends before a byte is written. */
async function runWithoutReader(space: Workspace, command: Command, lost: Lost): Promise<number> {
  const words = command.map((word) => `'${word}'`).join(' ');
  const pipe = lost === 'stdout' ? '2>/dev/null' : '2>&1 >/dev/null';
  const script = `(sleep 0.2; ${words}; echo $? >status) ${pipe} | true`;
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
  await new Promise((resolve) =>
    spawn('sh', ['-c', script], { cwd: space.folder, env }).on('close', resolve),
  );
  return Number(space.read('status'));
}

function setUp(t: TestContext) {
  const space = workspace(t);
  space.write('a.h', '');
  space.write('a.c', '#include "a.h"\n#warning said on stderr\n');
  const line = [HOST_TARGET, '/nologo', '/c', '/showIncludes', 'a.c'];
  return { space, compiler: findClangCl().path, line };
}

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: a result whose output cannot be written is no success, as with the compiler, on a hit and a miss`, {
    skip: NEEDS_FULL,
  }, async (t) => {
    const { space, compiler, line } = setUp(t);
    for (const lost of ['stdout', 'stderr'] as const) {
      assert.notEqual((await runOnFullDisk(space, [compiler, ...line], lost)).status, 0, `bare, ${lost}`);
      assert.notEqual(await runWithoutReader(space, [compiler, ...line], lost), 0, `bare, ${lost}`);
      for (const temperature of ['cold', 'warm']) {
        const through: Command = [...program(), compiler, ...line];
        const { status, other } = await runOnFullDisk(space, through, lost);
        assert.equal(status, 1, `${lost}, ${temperature}`);
        if (lost === 'stdout') assert.match(other, /clcache: stdout could not be written: ENOSPC/);
        assert.equal(await runWithoutReader(space, through, lost), 1, `${lost}, ${temperature}`);
      }
    }
    const { CacheMisses = 0, CacheErrors = 0 } = await counted(space);
    assert.deepEqual([CacheMisses, CacheErrors], [1, 0]);
  });

  test(`${form}: a result without output, or with nobody to read it, is a success`, {
    skip: NEEDS_FULL,
  }, async (t) => {
    const { space, compiler } = setUp(t);
    space.write('quiet.c', 'int quiet;\n');
    const line: Command = [...program(), compiler, HOST_TARGET, '/nologo', '/c'];
    for (const lost of ['stdout', 'stderr'] as const) {
      const { status, other } = await runOnFullDisk(space, [...line, 'quiet.c'], lost);
      assert.deepEqual([status, other], [0, '']);
    }
    const closed = `${line.map((word) => `'${word}'`).join(' ')} /showIncludes a.c >&- 2>&-`;
    const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
    for (const temperature of ['cold', 'warm']) {
      const child = spawn('sh', ['-c', closed], { cwd: space.folder, env, stdio: 'ignore' });
      assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0, temperature);
    }
  });

  test(`${form}: own options fail if their output cannot be written`, {
    skip: NEEDS_FULL,
  }, async (t) => {
    const { space } = setUp(t);
    for (const option of ['--stats', '--help', '--version', '--cmake']) {
      const { status, other } = await runOnFullDisk(space, [...program(), option], 'stdout');
      assert.deepEqual(
        [status, /^clcache: stdout could not be written: ENOSPC/.test(other)],
        [1, true],
        option,
      );
    }
  });
}

test('the hash server fails if its help cannot be written', {
  skip: NEEDS_FULL,
}, async (t) => {
  const { space } = setUp(t);
  for (const command of [
    [`${executable()}-server`, '--help'],
    [process.execPath, join(dirname(bundle()), '../bin/clcache-server.js'), '--help'],
  ] as const) {
    const { status, other } = await runOnFullDisk(space, command, 'stdout');
    assert.deepEqual([status, /^clcache-server: stdout could not be written: ENOSPC/.test(other)], [1, true]);
  }
});
