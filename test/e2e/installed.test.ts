/** How the executable is found, finds the compiler, and passes the compiler's answer on, on Linux. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { counters } from '../helpers/cmake-builds.ts';
import {
  bundle,
  cleanEnvironment,
  executable,
  findClangCl,
  HOST_TARGET,
  run,
  temporaryFolder,
} from '../helpers/compilers.ts';
import { fileAppears } from '../helpers/fixture-process.ts';
import { knowTheCompiler } from '../helpers/learnt-compiler.ts';
import { linkedCompilers } from '../helpers/linked-compilers.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for Windows';
const COMPILE = [HOST_TARGET, '/nologo', '/c', 'a.c'];
const linked = linkedCompilers({ after });
/** The folder with the real compiler under this name. */
const folderOf = (name: string) => dirname(linked(name));
const WAYS_TO_RENAME = { 'a copy': copyFileSync, 'a hard link': hardLink, 'a symbolic link': symlinkSync };
const NAMES = ['cl.exe', 'cl'];

for (const [what, place] of Object.entries(WAYS_TO_RENAME)) {
  for (const name of NAMES) {
    test(`clcache as ${what} called ${name} and first on PATH runs the next ${name}`, {
      skip,
    }, async (t) => {
      const place1 = new Place(t, linked(name));
      const cl = place1.program('first', name, (path) => place(executable(), path));
      await place1.missThenHit(cl, COMPILE, ['first', folderOf(name)]);
    });
  }
}

test('clcache found through PATH by its bare name does not take itself for the compiler', {
  skip,
}, async (t) => {
  const place = new Place(t, linked('cl.exe'));
  place.program('first', 'cl.exe', (path) => symlinkSync(executable(), path));
  await place.missThenHit('cl.exe', COMPILE, ['first', folderOf('cl.exe')]);
});

test('clcache does not take other copies of itself on PATH for the compiler', { skip }, async (t) => {
  const place = new Place(t, linked('cl.exe'));
  const cl = place.program('first', 'cl.exe', (path) => copyFileSync(executable(), path));
  place.program('second', 'cl.exe', (path) => copyFileSync(executable(), path));
  place.program('third', 'cl.exe', (path) => symlinkSync(cl, path));
  place.program('fourth', 'cl.exe', (path) => symlinkSync(join(place.root, 'second/cl.exe'), path));
  const folders = ['third', 'second', 'first', 'fourth', folderOf('cl.exe')];
  await place.missThenHit(cl, COMPILE, folders);
});

test('clcache alone on PATH says what it searched and ends with 1', { skip }, async (t) => {
  const place = new Place(t);
  const cl = place.program('first', 'cl.exe', (path) => copyFileSync(executable(), path));
  const { status, stdout, stderr } = await place.run(cl, COMPILE, { PATH: join(place.root, 'first') });
  assert.equal(status, 1);
  assert.equal(String(stdout), '');
  assert.match(
    String(stderr),
    /^clcache: no compiler found: searched 'cl\.exe' on PATH \(.*first.*\), where only clcache [^\n]*\n$/,
  );
});

test('clcache as a launcher takes the compiler from its first argument: a path or a name', {
  skip,
}, async (t) => {
  for (const compiler of [findClangCl().path, 'my-clang-cl', 'cl.exe']) {
    await t.test(compiler, async (inner) => {
      const place = new Place(inner, compiler === findClangCl().path ? compiler : linked(compiler));
      const folders = ['my-clang-cl', 'cl.exe'].map(folderOf);
      await place.missThenHit(executable(), [compiler, ...COMPILE], folders);
    });
  }
});

test('clcache as CC or CXX compiles with the compiler of CLCACHE_CL', { skip }, async (t) => {
  const place = new Place(t, linked('my-clang-cl'));
  await place.missThenHit(executable(), COMPILE, [folderOf('my-clang-cl')], { CLCACHE_CL: 'my-clang-cl' });
});

test('clcache that is replaced by another version while it starts still compiles', { skip }, async (t) => {
  const place = new Place(t);
  const program = place.program('first', 'clcache', (path) => copyFileSync(executable(), path));
  const line = `exec 3<"${program}"; rm "${program}"; exec /proc/self/fd/3 "$@"`;
  const args = ['-c', line, 'sh', findClangCl().path, ...COMPILE];
  const { status, stderr } = await place.run('/bin/sh', args);
  assert.equal(status, 0, String(stderr));
  assert.ok(existsSync(join(place.root, 'a.obj')));
});

const PRODUCTS = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};
/** A compile that could be cached, and a call that is passed on. */
const CALLS = { 'a compile': COMPILE, 'a call that is passed on': ['/E', 'a.c'] };

for (const [name, product] of Object.entries(PRODUCTS)) {
  for (const [what, args] of Object.entries(CALLS)) {
    test(`${name}: ${what} ends with the compiler’s exit status, and with its output`, {
      skip,
    }, async (t) => {
      const [program = '', ...first] = product();
      // Node.js starts slowly: it gets a small status and the largest one.
      for (const status of name === 'the executable' ? [1, 2, 200, 255] : [2, 255]) {
        const place = new Place(t);
        const compiler = place.script(`printf 'out\\r\\n'; printf 'err' >&2; exit ${status}`);
        const result = await place.run(program, [...first, compiler, ...args]);
        assert.deepEqual(
          [result.status, String(result.stdout), String(result.stderr)],
          [status, 'out\r\n', 'err'],
        );
      }
    });

    test(`${name}: ${what} whose compiler a signal ends ends with 128 and its number`, {
      skip,
    }, async (t) => {
      const [program = '', ...first] = product();
      const signals = ['SIGSEGV', 'SIGKILL', 'SIGTERM'] as const;
      for (const signal of name === 'the executable' ? signals : signals.slice(0, 1)) {
        const place = new Place(t);
        const compiler = place.script(`echo out; kill -${signal.slice(3)} $$`);
        const result = await place.run(program, [...first, compiler, ...args]);
        assert.deepEqual([result.status, String(result.stdout)], [128 + constants.signals[signal], 'out\n']);
      }
    });
  }

  test(`${name}: a compiler that is a script without an interpreter line runs as from a shell`, {
    skip,
  }, async (t) => {
    const [program = '', ...first] = product();
    const place = new Place(t);
    const compiler = place.script(`exec '${findClangCl().path}' "$@"`);
    writeFileSync(compiler, readFileSync(compiler, 'utf8').replace('#!/bin/sh\n', ''));
    await place.missThenHit(program, [...first, compiler, ...COMPILE], []);
  });

  for (const [what, args] of Object.entries(CALLS)) {
    test(`${name}: ${what} that is ended by a signal ends its compiler as well`, { skip }, async (t) => {
      const [program = '', ...first] = product();
      const place = new Place(t);
      const note = join(place.root, 'pid');
      const compiler = place.script(
        `[ "$1" != --version ] || exit 0\necho $$ > '${note}.new'; mv '${note}.new' '${note}'; exec sleep 60`,
      );
      const env = cleanEnvironment({ CLCACHE_DIR: place.cache });
      const child = spawn(program, [...first, compiler, ...args], { cwd: place.root, env, stdio: 'ignore' });
      await fileAppears(note);
      // The compiler writes its note before clcache may know that it was started.
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGTERM');
      const [, signal] = await once(child, 'close');
      assert.equal(signal, 'SIGTERM');
      const pid = Number(readFileSync(note, 'utf8'));
      for (let waited = 0; isRunning(pid); waited += 50) {
        assert.ok(waited < 60_000, 'the compiler runs on');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
  }

  test(`${name}: streams that are closed, full or no terminal do no harm`, { skip }, async (t) => {
    const [program = '', ...first] = product();
    const place = new Place(t);
    const call = [...first, findClangCl().path, ...COMPILE].map((word) => `'${word}'`).join(' ');
    for (const redirection of [
      '>/dev/null 2>&1 </dev/null',
      '>/dev/full 2>/dev/full',
      '>&- 2>&- <&-',
      '| true',
    ]) {
      rmSync(join(place.root, 'a.obj'), { force: true });
      const { status } = await place.run('/bin/sh', ['-c', `'${program}' ${call} ${redirection}`]);
      assert.equal(status, 0, redirection);
      // After a pipe the shell does not wait for it.
      if (redirection !== '| true') assert.ok(existsSync(join(place.root, 'a.obj')), redirection);
    }
  });
}

test('the compiler gets the standard input', { skip }, (t) => {
  const place = new Place(t);
  const { status, stdout } = spawnSync(executable(), [findClangCl().path, '/nologo', '/EP', '/TC', '-'], {
    cwd: place.root,
    env: cleanEnvironment({ CLCACHE_DIR: place.cache }),
    input: 'int given;\n',
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  assert.match(stdout, /int given;/);
});

/** A folder with a source, programs in folders of their own, and a cache. */
class Place {
  readonly root: string;
  readonly cache: string;

  /** `compiler`: the path of the real one, which is known. */
  constructor(t: TestContext, compiler: string = findClangCl().path) {
    this.root = temporaryFolder(t);
    this.cache = join(this.root, 'cache');
    knowTheCompiler(this.cache, { compiler });
    writeFileSync(join(this.root, 'a.c'), 'char text[] = "compiled";\n');
  }

  program(folder: string, name: string, make: (path: string) => void): string {
    mkdirSync(join(this.root, folder), { recursive: true });
    const path = join(this.root, folder, name);
    make(path);
    return path;
  }

  script(body: string): string {
    return this.program('scripts', 'scripted-cl', (path) => {
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
    });
  }

  run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return run(program, args, { cwd: this.root, env: { CLCACHE_DIR: this.cache, ...env } });
  }

  /** Runs the program twice, with folders of the place or others on PATH; the second time must be a hit. */
  async missThenHit(
    program: string,
    args: readonly string[],
    folders: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const PATH = [...folders.map((folder) => resolve(this.root, folder)), '/usr/bin', '/bin'].join(':');
    for (const round of ['miss', 'hit']) {
      // Through env, which looks a bare name up in the given PATH.
      const result = await this.run('/usr/bin/env', [program, ...args], { PATH, ...env });
      assert.equal(result.status, 0, `${round}: ${result.stdout}${result.stderr}`);
      assert.ok(readFileSync(join(this.root, 'a.obj')).includes('compiled'));
      rmSync(join(this.root, 'a.obj'));
    }
    const counted = await counters(this.cache);
    assert.deepEqual([counted['CacheMisses'], counted['CacheHits']], [1, 1]);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A copy where the file systems differ. */
function hardLink(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
