/**
 * Foreign files in the cache folder, and several users of it, with the built product: the result is always the
 * compiler's.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanEnvironment, executable, findClangCl, HOST_TARGET } from '../helpers/compilers.ts';
import { copyTree } from '../helpers/copy-tree.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { OBSTACLES } from '../storage/obstacles.ts';

interface Answer {
  readonly status: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

interface HowToCompile {
  readonly env?: Record<string, string>;
  readonly user?: number;
  readonly umask?: string;
}

/** A tree with one source, and a cache. */
class Tree {
  readonly folder: string;
  readonly cache: string;
  readonly expected: Buffer;

  constructor(t: TestContext, cache?: string) {
    this.folder = temporaryFolder(t);
    chmodSync(this.folder, 0o777);
    this.cache = cache ?? join(this.folder, 'cache');
    writeFileSync(join(this.folder, 'a.h'), '#define A 7\n');
    writeFileSync(join(this.folder, 'a.c'), '#include "a.h"\nint a = A;\n');
    this.#run(findClangCl().path, [HOST_TARGET, '/c', 'a.c'], {});
    this.expected = readFileSync(join(this.folder, 'a.obj'));
    // A file that was just written may have changed while the compiler ran.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
  }

  /** Compiles through clcache. The object must be the compiler's. Fails if it takes long. */
  compile(options: HowToCompile = {}): Answer {
    const answer = this.tryToCompile(options);
    assert.equal(answer.status, 0, answer.stderr);
    assert.deepEqual(readFileSync(join(this.folder, 'a.obj')), this.expected);
    return answer;
  }

  /** Compiles through clcache, which may fail. */
  tryToCompile(options: HowToCompile): Answer {
    rmSync(join(this.folder, 'a.obj'), { force: true });
    const call = [executable(), findClangCl().path, HOST_TARGET, '/c', 'a.c'];
    const words =
      options.umask === undefined
        ? call
        : ['/bin/sh', '-c', `umask ${options.umask}; exec "$@"`, 'sh', ...call];
    return this.#run(words[0] ?? '', words.slice(1), options);
  }

  counters(user?: number): Record<string, number> {
    const { stdout } = this.#run(executable(), ['-s', '--json'], user === undefined ? {} : { user });
    return JSON.parse(stdout);
  }

  own(...args: readonly string[]): Answer {
    return this.#run(executable(), args, {});
  }

  #run(
    program: string,
    args: readonly string[],
    { env = {}, user }: { readonly env?: Record<string, string>; readonly user?: number },
  ): Answer {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.folder,
      env: cleanEnvironment({ CLCACHE_DIR: this.cache, HOME: this.folder, TMPDIR: '/tmp', ...env }),
      encoding: 'utf8',
      timeout: 60_000,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    if (error) throw error;
    return { status, stdout, stderr };
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test('what is in the place of every file of the cache delays no call, and is replaced', async (t) => {
  const tree = new Tree(t);
  // Hashes and headers are remembered only of files that are two seconds old.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2100);
  tree.compile();
  tree.compile();
  assert.equal(tree.counters()['CacheHits'], 1);
  tree.own('-M', '1G');
  const files = filesOf(tree.cache);
  for (const kind of [
    'config.txt',
    'counters.json',
    '.hashes',
    'artifact.json',
    'object',
    'headers/',
    'compilers/',
  ]) {
    assert.ok(
      files.some((file) => file.includes(kind)),
      `${kind} in ${files.join(' ')}`,
    );
  }
  const copy = join(temporaryFolder(t), 'cache');
  copyTree(tree.cache, copy);
  for (const [name, put] of Object.entries(OBSTACLES)) {
    await t.test(name, () => {
      rmSync(tree.cache, { recursive: true });
      copyTree(copy, tree.cache);
      for (const file of files) put(file);
      tree.compile();
      tree.compile();
      tree.compile();
      assert.ok((tree.counters()['CacheHits'] ?? 0) >= 1, 'it serves hits again');
      assert.equal(tree.own('-C').status, 0);
      tree.compile();
    });
  }
});

test('a cache folder that cannot be made gives one line in the log', (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  const tree = new Tree(t, join(file, 'cache'));
  const { stderr } = tree.compile({ env: { CLCACHE_LOG: '1' } });
  const line = /the folder of the cache cannot be written, so nothing is stored: ENOTDIR at \S+/;
  assert.equal(stderr.split('\n').filter((each) => line.test(each)).length, 1, stderr);
  assert.equal(tree.compile().stderr, '');
  assert.equal(tree.own('-s').status, 0);
});

const AS_ROOT = { skip: process.getuid?.() !== 0 && 'only root can act as two users' };
const [FIRST, SECOND] = [54_321, 54_322];

for (const umask of ['022', '077']) {
  test(
    `of two users of one folder with umask ${umask}, the second gets right results, and what he cannot store is counted`,
    AS_ROOT,
    (t) => {
      const cache = temporaryFolder(t);
      chmodSync(cache, 0o777);
      const tree = new Tree(t, cache);
      tree.compile({ user: FIRST, umask });
      tree.compile({ user: FIRST, umask });
      assert.equal(tree.counters(FIRST)['CacheHits'], 1);
      writeFileSync(join(tree.folder, 'a.h'), '#define A 7\n\n');
      tree.compile({ user: SECOND, umask });
      tree.compile({ user: SECOND, umask });
      const counted = tree.counters(SECOND);
      assert.equal(counted['CacheErrors'], 2, JSON.stringify(counted));
      const { Problems: _problems, ...others } = counted;
      const { Problems: _none, ...own } = tree.counters(FIRST);
      assert.deepEqual(own, others, 'both see the same');
      const said = tree.compile({ user: SECOND, umask, env: { CLCACHE_LOG: '1' } });
      assert.match(
        said.stderr,
        /the folder of the cache cannot be written, so nothing is stored: EACCES at \S+/,
      );
    },
  );
}

test(
  'two users with CLCACHE_UMASK for all store and hit in one folder, whatever their own umask',
  AS_ROOT,
  (t) => {
    const cache = temporaryFolder(t);
    chmodSync(cache, 0o777);
    const tree = new Tree(t, cache);
    const env = { CLCACHE_UMASK: '000' };
    tree.compile({ user: FIRST, umask: '077', env });
    writeFileSync(join(tree.folder, 'a.h'), '#define A 7\n\n');
    tree.compile({ user: SECOND, umask: '077', env });
    writeFileSync(join(tree.folder, 'a.h'), '#define A 7\n\n\n');
    tree.compile({ user: FIRST, umask: '022', env });
    writeFileSync(join(tree.folder, 'a.h'), '#define A 7\n\n');
    tree.compile({ user: FIRST, umask: '022', env });
    const { CacheHits, CacheMisses, CacheErrors, CacheEntries } = tree.counters(SECOND);
    assert.deepEqual(
      { CacheHits, CacheMisses, CacheErrors, CacheEntries },
      {
        CacheHits: 1,
        CacheMisses: 3,
        CacheErrors: 0,
        CacheEntries: 3,
      },
    );
  },
);

test('a header that the owner alone may read gives another user no hit', AS_ROOT, (t) => {
  const tree = new Tree(t);
  const env = { CLCACHE_UMASK: '000' };
  chmodSync(join(tree.folder, 'a.h'), 0o600);
  // The header is remembered when it is two seconds old.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2100);
  for (let call = 0; call < 3; call++) tree.compile({ env });
  assert.equal(tree.counters()['CacheHits'], 2);
  const { status, stderr } = tree.tryToCompile({ user: SECOND, env });
  assert.equal(status, 1);
  assert.match(stderr, /Permission denied/);
  assert.equal(existsSync(join(tree.folder, 'a.obj')), false);
  tree.compile({ env });
  assert.equal(tree.counters()['CacheHits'], 3);
});

test('a folder of one user that others may only read serves them hits', AS_ROOT, (t) => {
  const tree = new Tree(t);
  mkdirSync(tree.cache);
  tree.compile();
  const before = tree.counters()['CacheHits'];
  tree.compile({ user: SECOND });
  assert.equal(tree.counters()['CacheHits'], before, 'he cannot count');
  const { mode } = lstatSync(join(tree.cache, 'v1'));
  assert.equal(mode & 0o022, 0, 'nothing was opened to others');
  copyFileSync(join(tree.folder, 'a.obj'), join(tree.folder, 'b.obj'));
});
