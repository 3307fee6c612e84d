import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { bundle, cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { counted, type Workspace, workspace } from './workspace.ts';

/** `script` of util-linux, which every Debian has, runs a command on a terminal of its own. */
const HAS_TERMINALS = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const NEEDS_TERMINALS = HAS_TERMINALS ? false : 'needs script(1) of util-linux';

const WINDOWS_TARGET = '--target=x86_64-pc-windows-msvc';

const FORMS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

interface Shown {
  readonly status: number | null;
  readonly text: string;
  readonly object: Buffer | undefined;
}

/** A terminal of this width, and its type. */
interface Screen {
  readonly columns: number;
  readonly term?: string;
  /** Whether the shell exports its width in a variable. Interactive shells do so only on request. */
  readonly tellsWidth?: boolean;
  /** Where to send one of the streams instead. */
  readonly redirection?: string;
}

/** What a command prints on a terminal, to the byte, and its object. */
function show(space: Workspace, screen: Screen, command: readonly string[]): Shown {
  const { columns, term = 'xterm', tellsWidth = true, redirection = '' } = screen;
  const env = cleanEnvironment({
    CLCACHE_DIR: space.cache,
    TERM: term,
    SHELL: '/bin/sh',
    COLUMNS: tellsWidth ? String(columns) : undefined,
  });
  const words = command.map((word) => `'${word}'`).join(' ');
  const line = `stty cols ${columns}; ${words} ${redirection}`;
  rmSync(space.path('out.obj'), { force: true });
  const { status, stdout } = spawnSync('script', ['-qec', line, '/dev/null'], {
    cwd: space.folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const object = existsSync(space.path('out.obj')) ? space.read('out.obj') : undefined;
  return { status, text: stdout.toString('latin1'), object };
}

const NOISY =
  'int function(void) { int a_variable_with_a_long_name; int another_variable_with_a_long_name; return 1; }\n';

function setUp(t: TestContext) {
  const space = workspace(t);
  space.write('noisy.c', NOISY);
  space.write('quiet.c', 'int quiet(void) { return 1; }\n');
  space.write('wrong.c', `${NOISY}int wrong = a_name_that_is_not_there_at_all_and_has_many_words;\n`);
  const call = (target: string, ...args: readonly string[]) => [
    findClangCl().path,
    ...[target, '/nologo', '/W4', '/c', '/Foout.obj'],
    ...args,
  ];
  return { space, call };
}

const isColoured = ({ text }: Shown) => text.includes('\x1b[');

/** Checks that a terminal shows the same with and without clcache, on a miss and a hit. Returns the text. */
function isAsBare(
  space: Workspace,
  screen: Screen,
  program: readonly string[],
  args: readonly string[],
): Shown {
  const bare = show(space, screen, args);
  for (const temperature of ['cold', 'warm']) {
    assert.deepEqual(show(space, screen, [...program, ...args]), bare, `${args.join(' ')}: ${temperature}`);
  }
  return bare;
}

for (const [form, program] of Object.entries(FORMS)) {
  test(`${form}: a terminal shows what the compiler would show there, on a hit and a miss, to the byte`, {
    skip: NEEDS_TERMINALS,
  }, (t) => {
    const { space, call } = setUp(t);
    const noisy = call(HOST_TARGET, 'noisy.c');
    const shown = [60, 120].map((columns) => isAsBare(space, { columns }, program(), noisy));
    assert.ok(shown.every(isColoured));
    assert.notEqual(shown[0]?.text, shown[1]?.text, 'the width shows');
    isAsBare(space, { columns: 60 }, program(), call(HOST_TARGET, 'wrong.c'));
  });
}

test('the compiler decides what it does on a terminal of this kind, and with such options', {
  skip: NEEDS_TERMINALS,
}, (t) => {
  const { space, call } = setUp(t);
  const noisy = call(HOST_TARGET, 'noisy.c');
  const program = [executable()];
  isAsBare(space, { columns: 60, tellsWidth: false }, program, noisy);
  for (const term of ['dumb', 'linux', 'not-a-terminal-that-there-is']) {
    const shown = isAsBare(space, { columns: 60, term, tellsWidth: false }, program, noisy);
    assert.equal(isColoured(shown), term === 'linux', term);
  }
  const options = [
    '-fno-color-diagnostics',
    '-fdiagnostics-color=auto',
    '/clang:-fmessage-length=40',
    '/clang:-fno-color-diagnostics',
    '/clang:-fcolor-diagnostics',
    '-fnot-of-anyone',
  ];
  for (const option of options)
    isAsBare(space, { columns: 60 }, program, call(HOST_TARGET, option, 'noisy.c'));
  // A message of the driver comes once for all sources, even if it takes several lines.
  const both = call(HOST_TARGET, '/Fo./', '-fnot-of-anyone-and-much-too-long', 'noisy.c', 'quiet.c');
  isAsBare(space, { columns: 40 }, program, [...both, 'wrong.c']);
});

test('an object equals the one that the compiler makes on that terminal, also if it holds the command line', {
  skip: NEEDS_TERMINALS,
}, (t) => {
  const { space, call } = setUp(t);
  for (const [target, ...options] of [
    [WINDOWS_TARGET, '/Brepro', '/Z7'],
    [HOST_TARGET, '/clang:-g'],
  ] as const) {
    for (const name of ['noisy.c', 'quiet.c']) {
      const { object } = isAsBare(space, { columns: 60 }, [executable()], call(target, ...options, name));
      assert.ok(object);
    }
  }
});

test('a stream that is not a terminal gets plain text, whatever the other stream is', {
  skip: NEEDS_TERMINALS,
}, async (t) => {
  const { space, call } = setUp(t);
  const noisy = call(HOST_TARGET, 'noisy.c');
  const through = [executable(), ...noisy];
  show(space, { columns: 60 }, through);
  const bare = show(space, { columns: 60, redirection: '2>err' }, noisy);
  const plain = space.read('err');
  for (const temperature of ['cold', 'warm']) {
    assert.deepEqual(show(space, { columns: 60, redirection: '2>err' }, through), bare, temperature);
    assert.deepEqual(space.read('err'), plain, temperature);
    const result = await space.clcache(['/W4', '/c', '/Foout.obj', 'noisy.c']);
    assert.deepEqual(result.stderr, plain, temperature);
  }
  const onlyErrors: Screen = { columns: 60, redirection: '>out' };
  assert.deepEqual(show(space, onlyErrors, through), show(space, onlyErrors, noisy));
  assert.ok(isColoured(show(space, onlyErrors, through)));
});

test('a result without diagnostics is shared by all terminals and other streams', {
  skip: NEEDS_TERMINALS,
}, async (t) => {
  const { space, call } = setUp(t);
  for (const env of [{}, { CLCACHE_NODIRECT: '1' }]) {
    const through = [executable(), ...call(HOST_TARGET, 'quiet.c')];
    const prefix = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    await space.clcache(['/W4', '/c', '/Foout.obj', 'quiet.c'], env);
    for (const columns of [60, 120]) show(space, { columns }, ['env', ...prefix, ...through]);
    await space.clcache(['/W4', '/c', '/Foout.obj', 'quiet.c'], env);
    assert.deepEqual(await counted(space), { CacheHits: 3, CacheMisses: 1, SourceChangedMisses: 1 });
    await space.own(['-C']);
    await space.own(['-z']);
  }
});

test('in preprocessor mode, too, a terminal shows what the compiler would', {
  skip: NEEDS_TERMINALS,
}, (t) => {
  const { space, call } = setUp(t);
  for (const name of ['noisy.c', 'quiet.c']) {
    const bare = show(space, { columns: 60 }, call(HOST_TARGET, name));
    const through = ['env', 'CLCACHE_NODIRECT=1', executable(), ...call(HOST_TARGET, name)];
    for (const temperature of ['cold', 'warm']) {
      assert.deepEqual(show(space, { columns: 60 }, through), bare, `${name}, ${temperature}`);
    }
  }
});

test('another tree gets the coloured messages with its own paths, wrapped for them', {
  skip: NEEDS_TERMINALS,
}, (t) => {
  const { space } = setUp(t);
  for (const tree of ['tree', 'a-tree-with-a-much-longer-name']) {
    mkdirSync(space.path(tree));
    space.write(`${tree}/noisy.c`, NOISY);
    for (const tellsWidth of [false, true]) {
      const args = [
        findClangCl().path,
        HOST_TARGET,
        '/nologo',
        '/W4',
        '/c',
        '/Foout.obj',
        space.path(`${tree}/noisy.c`),
      ];
      const bare = show(space, { columns: 60, tellsWidth }, args);
      const through = ['env', `CLCACHE_BASEDIR=${space.path(tree)}`, executable(), ...args];
      assert.deepEqual(show(space, { columns: 60, tellsWidth }, through), bare, `${tree}, ${tellsWidth}`);
    }
  }
});
