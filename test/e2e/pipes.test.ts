import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { bundle, cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { counted, type Workspace, workspace } from './workspace.ts';

const ONLY_LINUX = process.platform === 'linux' ? false : 'names descriptors as Linux does';

const FORMS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

/** A shell script with the call in `$@`, and the counter for it. Each pipe can be read once. */
type Calls = Readonly<Record<string, readonly [script: string, counter: string]>>;

/** What the runtimes may see, open or hand on differently: Node.js, which starts slowly, gets these alone. */
const OF_RUNTIMES: Calls = {
  'a pipe with a name': ['(sleep 0.1; cat text.c) >pipe.c & "$@" pipe.c', 'CallsWithSpecialFile'],
  'an inherited pipe': ['cat text.c | "$@" /TP /dev/fd/7 7<&0 </dev/null', 'CallsWithSpecialFile'],
  'a pipe as stdin, named': ['cat text.c | "$@" /TP /dev/stdin', 'CallsWithSpecialFile'],
  'one that is searched for': [
    '(sleep 0.1; cat text.c) >in/p.h & "$@" good.c /Iin /FIp.h',
    'CallsWithSpecialFile',
  ],
  'a pipe of options': ['echo /DGOOD=1 good.c | "$@" @/dev/fd/4 4<&0', 'CallsWithInvalidArgument'],
  'stdin without a name': ['cat text.c | "$@" /TP -', 'CallsWithUnsupportedOption'],
  'a header that is a pipe': ['(sleep 0.1; cat text.c) >pipe.c & "$@" includes.c', 'NotStored'],
};

const CALLS: Calls = {
  ...OF_RUNTIMES,
  'an inherited pipe, named by /Tp': ['cat text.c | "$@" /Tp/dev/fd/3 3<&0', 'CallsWithSpecialFile'],
  'an inherited pipe by its other name': [
    'cat text.c | "$@" /TC /proc/self/fd/8 8<&0',
    'CallsWithSpecialFile',
  ],
  'a link to an inherited pipe': ['ln -s /dev/fd/9 l.c; cat text.c | "$@" l.c 9<&0', 'CallsWithSpecialFile'],
  'an inherited file': ['"$@" /TP /dev/fd/5 5<text.c', 'CallsWithSpecialFile'],
  'a file as stdin, named': ['"$@" /TP /dev/stdin <text.c', 'CallsWithSpecialFile'],
  'a device': ['"$@" /TC /dev/null', 'CallsWithSpecialFile'],
  'a pipe that is included by an option': [
    'cat text.c | "$@" good.c /FI/dev/fd/6 6<&0',
    'CallsWithSpecialFile',
  ],
  'such a pipe with a name': [
    '(sleep 0.1; cat text.c) >pipe.c & "$@" good.c /FIpipe.c',
    'CallsWithSpecialFile',
  ],
  'a header that is a pipe, with include notes': [
    '(sleep 0.1; cat text.c) >pipe.c & "$@" /showIncludes includes.c',
    'NotStored',
  ],
};

function setUp(t: TestContext): Workspace {
  const space = workspace(t);
  space.write('text.c', '#warning said\nint made_of_a_pipe;\n');
  space.write('good.c', 'int good;\n');
  space.write('includes.c', '#include "pipe.c"\nint includes;\n');
  space.write('in/other.h', '');
  spawnSync('mkfifo', [space.path('pipe.c'), space.path('in/p.h')]);
  return space;
}

function run(space: Workspace, script: string, program: readonly string[]) {
  const line = [...program, findClangCl().path, HOST_TARGET, '/nologo', '/c', '/Foout.obj'];
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', ...line], {
    cwd: space.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const made = existsSync(space.path('out.obj')) ? space.read('out.obj') : undefined;
  for (const name of ['out.obj', 'l.c']) rmSync(space.path(name), { force: true });
  return { status, stdout: String(stdout), stderr: String(stderr), made };
}

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: an input that is not an ordinary file reaches the compiler unread, and the call is counted`, {
    skip: ONLY_LINUX,
  }, async (t) => {
    const space = setUp(t);
    const calls = form === 'the executable' ? CALLS : OF_RUNTIMES;
    for (const [what, [script, counter]] of Object.entries(calls)) {
      const { [counter]: before = 0 } = await counted(space);
      const bare = run(space, script, []);
      assert.equal(bare.status, 0, what);
      assert.deepEqual(run(space, script, program()), bare, what);
      assert.equal((await counted(space))[counter], before + 1, what);
    }
    assert.equal((await space.statistics())['CacheEntries'], 0);
  });
}

test('an endless file that a line marker of the source names is not read', {
  skip: ONLY_LINUX,
}, async (t) => {
  const space = setUp(t);
  space.write('lines.c', '#line 1 "/dev/zero"\nint one;\n#line 1 "pipe.c"\nint two;\n');
  const args = ['/c', 'lines.c'];
  const bare = await space.compiler(args);
  const { status, stderr } = await space.clcache(args, { CLCACHE_NODIRECT: '1' });
  assert.deepEqual([status, String(stderr)], [bare.status, String(bare.stderr)]);
});

test('a pipe that nobody writes to is only waited for by the compiler, so that a signal ends the call', {
  skip: ONLY_LINUX,
}, async (t) => {
  const space = setUp(t);
  const args = [findClangCl().path, HOST_TARGET, '/nologo', '/c', 'pipe.c'];
  const env = cleanEnvironment({ CLCACHE_DIR: space.cache });
  const child = spawn(executable(), args, { cwd: space.folder, env, stdio: 'ignore' });
  const end = new Promise((resolve) => child.on('close', (_status, signal) => resolve(signal)));
  setTimeout(() => child.kill('SIGTERM'), 500);
  assert.equal(await end, 'SIGTERM');
});
