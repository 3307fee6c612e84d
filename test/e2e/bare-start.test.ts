import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type TestContext, test } from 'node:test';
import {
  bundle,
  cleanEnvironment,
  executable,
  findClangCl,
  HOST_TARGET,
  type RunResult,
} from '../helpers/compilers.ts';
import { type Workspace, workspace } from './workspace.ts';

const ONLY_LINUX = process.platform === 'linux' ? false : 'asks Linux for these troubles';

const FORMS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

/** Runs a command after shell commands that make its start hard, as a child of that shell. */
function runAfter(space: Workspace, trouble: string, command: readonly string[]): Promise<RunResult> {
  const words = ['-c', `${trouble}; "$@"; exit $?`, 'sh', ...command];
  // A clang that is killed starts another program otherwise, only to name its functions: 0.2 s.
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache, LLVM_DISABLE_SYMBOLIZATION: '1' });
  const child = spawn('sh', words, { cwd: space.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes) => stdout.push(bytes));
  child.stderr.on('data', (bytes) => stderr.push(bytes));
  return new Promise((resolve) =>
    child.on('close', (status, signal) =>
      resolve({
        status: status ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
      }),
    ),
  );
}

function setUp(t: TestContext) {
  const space = workspace(t);
  space.write('good.c', '#warning said\nint good;\n');
  space.write('bad.c', 'int bad = nothing;\n');
  const line = (name: string) => [
    findClangCl().path,
    ...[HOST_TARGET, '/nologo', '/c', space.path(`${name}.c`), `/Fo${space.path(`${name}.obj`)}`],
  ];
  return { space, line };
}

/** The compiler's status with and without clcache. Its output is not compared, because it describes a crash. */
async function statusAsBare(
  space: Workspace,
  trouble: string,
  program: readonly string[],
  line: readonly string[],
) {
  const bare = await runAfter(space, trouble, line);
  const { status } = await runAfter(space, trouble, [...program, ...line]);
  assert.equal(status, bare.status);
  return status;
}

/** The compiler's status, streams and object with and without clcache. */
async function isAsBare(
  space: Workspace,
  trouble: string,
  program: readonly string[],
  line: readonly string[],
) {
  const bare = await runAfter(space, trouble, line);
  const { status, stdout, stderr } = await runAfter(space, trouble, [...program, ...line]);
  assert.deepEqual(
    [status, String(stdout), String(stderr)],
    [bare.status, String(bare.stdout), String(bare.stderr)],
  );
  return status;
}

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: in a deleted folder the compiler does its work, and its failures stay failures`, {
    skip: ONLY_LINUX,
  }, async (t) => {
    const { space, line } = setUp(t);
    const trouble = 'mkdir gone && cd gone && rmdir ../gone';
    // The second time is the same code for both forms, and Node.js starts slowly.
    const temperatures = form === 'the executable' ? ['cold', 'warm'] : ['cold'];
    for (const temperature of temperatures) {
      assert.equal(await isAsBare(space, trouble, program(), line('good')), 0, temperature);
      assert.equal(await isAsBare(space, trouble, program(), line('bad')), 1, temperature);
    }
    // Relative names do not work there.
    const relative = [findClangCl().path, HOST_TARGET, '/nologo', '/c', 'good.c'];
    assert.equal(await isAsBare(space, trouble, program(), relative), 1);
    assert.equal((await space.statistics())['CacheErrors'], 2 * temperatures.length + 1);
    assert.match(String((await runAfter(space, trouble, [...program(), '--version'])).stdout), /^clcache \d/);
  });
}

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: in a deleted folder, in which no cache folder can be made, the compiler does its work`, {
    skip: ONLY_LINUX,
  }, async (t) => {
    const { space, line } = setUp(t);
    const trouble = 'mkdir gone && cd gone && rmdir ../gone && export CLCACHE_DIR=cache';
    assert.equal(await isAsBare(space, trouble, program(), line('good')), 0);
    assert.equal(await isAsBare(space, trouble, program(), line('bad')), 1);
  });
}

test('with as few descriptors as a compiler needs, the compiler does its work', {
  skip: ONLY_LINUX,
}, async (t) => {
  const { space, line } = setUp(t);
  // Fewer than five are too few for a program with shared libraries.
  for (const [index, limit] of [5, 6, 7, 8, 9, 10, 12, 14, 17, 20].entries()) {
    for (const name of index % 3 === 0 ? ['good', 'bad'] : ['good']) {
      await isAsBare(space, `ulimit -n ${limit}`, [executable()], line(name));
    }
  }
});

test('with few descriptors, a call whose first sources are hits gets the others compiled, and prints nothing twice', {
  skip: ONLY_LINUX,
}, async (t) => {
  const { space } = setUp(t);
  const call = (names: readonly string[]) => {
    for (const name of names) space.write(`${name}.c`, `#warning ${name}\nint ${name};\n`);
    return [findClangCl().path, HOST_TARGET, '/nologo', '/c', ...names.map((name) => `${name}.c`)];
  };
  await runAfter(space, ':', [executable(), ...call(['one', 'two'])]);
  const before = await space.statistics();
  const limits = [7, 8, 20, 28, 200];
  for (const limit of limits) {
    // Some kernels let a process start with few descriptors, others do not: the new sources are never hits.
    const line = call(['one', 'two', `three_${limit}`, `four_${limit}`]);
    assert.equal(await isAsBare(space, `ulimit -n ${limit}`, [executable()], line), 0);
  }
  const after = await space.statistics();
  assert.equal((after['CacheHits'] ?? 0) - (before['CacheHits'] ?? 0), 2 * limits.length);
  assert.ok((after['CacheErrors'] ?? 0) > (before['CacheErrors'] ?? 0));
});

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: with a limit on the size of files, only the compiler's own files count`, {
    skip: ONLY_LINUX,
  }, async (t) => {
    const { space, line } = setUp(t);
    space.write('large.c', 'char large[1 << 20] = {1};\n');
    assert.equal(await isAsBare(space, 'ulimit -f 16', program(), line('good')), 0);
    assert.equal(await isAsBare(space, 'ulimit -f 16', program(), line('bad')), 1);
    const killed = 128 + constants.signals.SIGXFSZ;
    assert.equal(await statusAsBare(space, 'ulimit -f 16', program(), line('large')), killed);
    assert.equal(await statusAsBare(space, "trap '' XFSZ; ulimit -f 16", program(), line('large')), 1);
  });

  test(`${form}: a line that is too long for some systems needs no folder for temporary files if it fits`, {
    skip: ONLY_LINUX,
  }, async (t) => {
    const { space, line } = setUp(t);
    const long = Array.from({ length: 8000 }, (_, number) => `/DA_LONG_NAME_${number}=${number}`);
    const [compiler = '', ...args] = line('good');
    const call = [compiler, ...long, ...args];
    assert.equal(await isAsBare(space, 'export TMPDIR=gone', program(), call), 0);
  });
}
