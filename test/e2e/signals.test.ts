import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bundle, cleanEnvironment, executable } from '../helpers/compilers.ts';
import { type Workspace, workspace } from './workspace.ts';

const NEEDS_SIGNALS = process.platform === 'win32' ? 'Windows has no signals' : false;

const FORMS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

/** A compiler that writes its process id and then stays, if its line is to be held. */
const COMPILER = `#!/bin/sh
case "$*" in
  $HOLD) echo $$ >>"$PIDS"; exec sleep 600;;
  *script.c) sh -c 'echo $$ >>"$PIDS"; exec sleep 600'; true;;
  --version) echo "$VERSION";;
esac
`;

/** A compiler that works until it is told to end. */
const PATIENT_COMPILER = `#!/bin/sh
case "$*" in
  *a.c) echo $$ >>"$PIDS"; while [ ! -e go ]; do sleep 0.05; done; exit 7;;
esac
`;
const CL = 'Microsoft (R) C/C++ Optimizing Compiler Version 19.00 for x64';
const CLANG = 'clang version 14.0.0';

interface Mode {
  readonly args: readonly string[];
  readonly hold: string;
  readonly version?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How many programs were started by then. */
  readonly programs?: number;
}

const MODES: Readonly<Record<string, Mode>> = {
  'a compile': { args: ['/c', 'a.c'], hold: '*a.c' },
  'a call that is not cached': { args: ['a.c'], hold: 'a.c' },
  'two compiles at once': { args: ['/c', '/MP2', 'a.c', 'b.c'], hold: '*[ab].c', programs: 2 },
  'a compile and its list of headers': {
    args: ['/c', '/Z7', '--target=x86_64-pc-windows-msvc', '--', 'a.c'],
    hold: '*a.c',
    version: CLANG,
    programs: 2,
  },
  'the preprocessor': { args: ['/c', 'a.c'], hold: '*/E*', env: { CLCACHE_NODIRECT: '1' } },
  'a question for the version': { args: ['/c', 'a.c'], hold: '--version' },
  'a line that is too long for the system': {
    args: ['/c', ...Array.from({ length: 5000 }, (_, number) => `/DA_LONG_NAME_${number}=${number}`), 'a.c'],
    hold: '@*',
  },
  'a compiler that is a script': { args: ['/c', 'script.c'], hold: 'nothing' },
  'a question for the words of include notes': { args: ['/c', 'b.c'], hold: '*clcache_probe.c' },
  'a source that is a pipe': { args: ['/c', 'pipe.c'], hold: '*pipe.c' },
};
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * The executable gets each of them in each mode. Node.js starts slowly: its form gets each of them in a compile, and one in
 * each other mode, in turn.
 */
function signalsFor(form: string, mode: number): readonly NodeJS.Signals[] {
  const isShort = form === 'the npm package' && mode > 0;
  return isShort ? SIGNALS.slice(mode % SIGNALS.length).slice(0, 1) : SIGNALS;
}

for (const [form, program] of Object.entries(FORMS)) {
  for (const [index, [what, mode]] of Object.entries(MODES).entries()) {
    test(`${form}: a signal during ${what} ends everything that was started, and leaves nothing behind`, {
      skip: NEEDS_SIGNALS,
    }, async (t) => {
      for (const signal of signalsFor(form, index)) {
        const space = workspace(t);
        const { ended, pids } = await interrupt(space, program(), mode, signal);
        assert.equal(ended, signal);
        assert.equal(pids.length, mode.programs ?? 1);
        for (const pid of pids) await untilGone(pid);
        assert.deepEqual(readdirSync(space.path('temporary')), []);
        assert.ok(!existsSync(space.path('a.obj')));
      }
    });
  }
}

/** For the npm package only this signal can be known, because Node.js forgets what it was started to ignore. */
const IGNORED: Readonly<Record<keyof typeof FORMS, readonly NodeJS.Signals[]>> = {
  'the executable': ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'],
  'the npm package': ['SIGHUP'],
};

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: a signal that clcache was started to ignore ends neither it nor the compiler`, {
    skip: process.platform !== 'linux' && 'Linux says what is ignored',
  }, async (t) => {
    for (const signal of IGNORED[form] ?? []) {
      for (const args of [
        ['/c', 'a.c'],
        ['/c', '/Zi', 'a.c'],
      ]) {
        const space = workspace(t);
        space.write('cl', PATIENT_COMPILER);
        chmodSync(space.path('cl'), 0o755);
        space.write('a.c', 'int f;\n');
        const env = cleanEnvironment({ CLCACHE_DIR: space.cache, PIDS: space.path('pids') });
        const script = `trap '' ${signal.slice(3)}; "$@"; exit $?`;
        const words = ['-c', script, 'sh', ...program(), space.path('cl'), ...args];
        const child = spawn('sh', words, { cwd: space.folder, env, stdio: 'ignore', detached: true });
        const end = new Promise((resolve) => child.on('close', (status, by) => resolve(by ?? status)));
        await until(() => pidsOf(space).length > 0 || child.exitCode !== null);
        process.kill(-(child.pid ?? 0), signal);
        space.write('go', '');
        assert.equal(await end, 7, `${signal} ${args.join(' ')}`);
      }
    }
  });
}

async function interrupt(space: Workspace, program: readonly string[], mode: Mode, signal: NodeJS.Signals) {
  space.write('cl', COMPILER);
  chmodSync(space.path('cl'), 0o755);
  for (const name of ['a.c', 'b.c', 'script.c']) space.write(name, 'int f;\n');
  mkdirSync(space.path('temporary'));
  await new Promise((resolve) => spawn('mkfifo', [space.path('pipe.c')]).on('close', resolve));
  const env = cleanEnvironment({
    CLCACHE_DIR: space.cache,
    TMPDIR: space.path('temporary'),
    HOLD: mode.hold,
    PIDS: space.path('pids'),
    VERSION: mode.version ?? CL,
    ...mode.env,
  });
  const [name = '', ...first] = program;
  const args = [...first, space.path('cl'), ...mode.args];
  const child = spawn(name, args, { cwd: space.folder, env, stdio: 'ignore' });
  const end = new Promise((resolve) => child.on('close', (status, by) => resolve(by ?? status)));
  await until(() => pidsOf(space).length >= (mode.programs ?? 1) || child.exitCode !== null);
  child.kill(signal);
  return { ended: await end, pids: pidsOf(space) };
}

function pidsOf(space: Workspace): number[] {
  const file = space.path('pids');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}

/** A program that has ended but was not waited for has no command line. */
function untilGone(pid: number): Promise<void> {
  return until(() => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`).length === 0;
    } catch {
      return true;
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!holds()) {
    assert.ok(Date.now() < limit, 'it took more than a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
