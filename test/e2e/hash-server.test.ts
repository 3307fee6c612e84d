/** The shipped hash server, and compiles with a server that runs, is gone, slow or wrong. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundle, executable, findClangCl, HOST_TARGET, run } from '../helpers/compilers.ts';
import { SERVER_PRODUCTS, startServer } from '../helpers/hash-servers.ts';
import { type Place, place, say, startFakeServer } from '../helpers/hash-sockets.ts';
import { counted, type Workspace, workspace } from './workspace.ts';

const skip = process.platform === 'win32' && 'test/windows holds these for the pipe';
const HEADERS = 30;
/** A busy machine must not count as a slow server. */
const AMPLE_TIME = { CLCACHE_SERVER_TIMEOUT_MS: '60000' };
const CLIENTS: Readonly<Record<string, () => readonly string[]>> = {
  'the executable': () => [executable()],
  'the npm package': () => [process.execPath, bundle()],
};

/** A source with headers, compiled once: everything but the hashes of the headers is cached. */
class Project {
  readonly space: Workspace;
  readonly where: Place;
  readonly client: readonly string[];

  constructor(t: TestContext, client: readonly string[]) {
    this.space = workspace(t);
    this.where = place(t);
    this.client = client;
    const names = Array.from({ length: HEADERS }, (_, index) => `inc/h${index}.h`);
    for (const name of names) this.space.write(name, `static char in_${name.slice(4, -2)}[] = "old";\n`);
    const uses = names.map((name) => `in_${name.slice(4, -2)}[0]`).join(' + ');
    const includes = names.map((name) => `#include "${name}"\n`).join('');
    this.space.write('a.c', `${includes}int a(void) { return ${uses}; }\nchar *b(void) { return in_h0; }\n`);
  }

  /** Compiles, and returns what the log says of the hash server. */
  async compile(env: Readonly<Record<string, string>> = { CLCACHE_SERVER: '1', ...AMPLE_TIME }) {
    const [program = '', ...first] = this.client;
    const { folder, cache } = this.space;
    const log = join(folder, 'log.txt');
    rmSync(log, { force: true });
    const args = [...first, findClangCl().path, HOST_TARGET, '/nologo', '/c', 'a.c'];
    const result = await run(program, args, {
      cwd: folder,
      env: { CLCACHE_DIR: cache, CLCACHE_LOG: log, ...this.where.env, ...env },
    });
    assert.deepEqual([result.status, String(result.stdout), String(result.stderr)], [0, '', '']);
    return /hash server.*/.exec(readFileSync(log, 'utf8'))?.[0];
  }

  /** Removes what calls have remembered of the headers. */
  forgetHashes(): void {
    rmSync(join(this.space.cache, 'v1/headers'), { recursive: true, force: true });
    const manifests = join(this.space.cache, 'v1/manifests');
    for (const name of readdirSync(manifests, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.hashes')) rmSync(join(manifests, name));
    }
  }

  /** Compiles, and checks that the server was asked about every header. */
  async compileServed(): Promise<void> {
    this.forgetHashes();
    assert.equal(await this.compile(), `hash server: ${HEADERS} hashes`);
  }
}

/** Bad answers of a server that are not answers of another kind. */
const ENDINGS = ['ends half-way', 'breaks the connection', 'says nothing'];

/** Before that, a change of a file could leave its times unchanged. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 2100));

for (const [what, client] of Object.entries(CLIENTS)) {
  const isExecutable = what === 'the executable';
  for (const [server, product] of Object.entries(SERVER_PRODUCTS)) {
    // Who asks does not see whether the server watches. Each form asks the other one, and the executable itself as well.
    if (!isExecutable && server === what) continue;
    test(`${what} takes hashes from ${server}, and sees at once when a header changes`, {
      skip,
    }, async (t) => {
      for (const options of isExecutable ? [[], ['--disable_watching']] : [[]]) {
        const project = new Project(t, client());
        await startServer(t, project.where, options, product);
        await settle();
        await project.compile();
        await project.compileServed();
        const before = await counted(project.space);
        assert.deepEqual([before['CacheMisses'], before['HeaderChangedMisses']], [1, undefined]);

        project.space.write('inc/h0.h', 'static char in_h0[] = "new";\n');
        project.forgetHashes();
        await project.compile();
        assert.ok(project.space.read('a.obj').includes('new\0'));
        assert.equal((await counted(project.space))['HeaderChangedMisses'], 1);

        project.space.write('inc/h0.h', 'static char in_h0[] = "old";\n');
        await project.compile();
        assert.ok(project.space.read('a.obj').includes('old\0'));
        assert.equal((await counted(project.space))['HeaderChangedMisses'], 1, 'a hit');
      }
    });
  }
}

test('the server’s answers are remembered, and it is not asked again', { skip }, async (t) => {
  const project = new Project(t, [executable()]);
  const server = await startServer(t, project.where);
  await settle();
  await project.compile();
  await project.compileServed();
  server.kill('SIGKILL');
  await server.ended;
  assert.equal(await project.compile(), undefined);
});

for (const [what, client] of Object.entries(CLIENTS)) {
  const isExecutable = what === 'the executable';
  const md5s = `${Array.from({ length: HEADERS + 1 }, () => '0'.repeat(32)).join('\n')}\0`;
  const digests = md5s.replaceAll(/0+/g, '0'.repeat(40));
  const bad: Readonly<Record<string, (socket: Socket) => void>> = {
    'answers like the Python clcache’s': (socket) => socket.end(md5s),
    'has other hashes': (socket) => socket.end(digests),
    'answers with an error': (socket) => socket.end('!no such file\0'),
    'ends half-way': (socket) => socket.end(digests.slice(0, 100)),
    'breaks the connection': (socket) => socket.destroy(),
    'says nothing': () => {},
  };
  for (const [how, answer] of Object.entries(bad)) {
    // What is sent is read by the same code. How a connection ends is for the runtime to say, so Node.js gets these.
    if (!isExecutable && !ENDINGS.includes(how)) continue;
    test(`${what} hashes for itself when the server ${how}`, { skip }, async (t) => {
      const project = new Project(t, client());
      const server = await startFakeServer(t, project.where, answer);
      // One second for the server that is silent.
      const env = { CLCACHE_SERVER: '1', CLCACHE_SERVER_TIMEOUT_MS: '1000' };
      await project.compile(env);
      project.forgetHashes();
      assert.match((await project.compile(env)) ?? '', /^hash server not used: /);
      assert.equal(server.asked(), 1);
      assert.equal((await counted(project.space))['CacheHits'], 1);
    });
  }

  test(`${what} hashes for itself if there is no server, or a socket without one`, { skip }, async (t) => {
    const project = new Project(t, client());
    await project.compile();
    project.forgetHashes();
    assert.match((await project.compile()) ?? '', /^hash server not used: /);
    const server = await startServer(t, project.where);
    server.kill('SIGKILL');
    await server.ended;
    assert.ok(existsSync(project.where.address));
    project.forgetHashes();
    assert.match((await project.compile()) ?? '', /^hash server not used: /);
    assert.equal((await counted(project.space))['CacheHits'], 2);
  });
}

test('no server is asked unless a call is told to, nor if files must be read', { skip }, async (t) => {
  const project = new Project(t, [executable()]);
  const server = await startFakeServer(t, project.where, (socket) => socket.end());
  await project.compile();
  await project.compile({});
  await project.compile({ CLCACHE_SERVER: '0' });
  await project.compile({ CLCACHE_SERVER: '1', CLCACHE_NOHASHCACHE: '1' });
  await project.compile({ CLCACHE_SERVER: '1', TRACKER_ENABLED: '1' });
  assert.equal(server.asked(), 0);
  assert.equal((await counted(project.space))['CacheHits'], 4);
});

/** Options, and how many of two files are watched. */
const WATCHED: readonly (readonly [options: readonly string[], files: number])[] = [
  [[], 2],
  [['--exclude', 'build$'], 1],
  [['--exclude', '/build/', '--exclude', 'a\\.h'], 0],
  [['--disable_watching'], 0],
];

for (const [what, product] of Object.entries(SERVER_PRODUCTS)) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${what} ends cleanly on ${signal}`, { skip }, async (t) => {
      const where = place(t);
      const server = await startServer(t, where, [], product);
      server.kill(signal);
      const { status, stderr } = await server.ended;
      assert.deepEqual([status, String(stderr)], [0, '']);
      assert.deepEqual(readdirSync(where.folder), []);
    });
  }

  test(`${what} replaces a server that was killed, but not one that runs`, { skip }, async (t) => {
    const where = place(t);
    const killed = await startServer(t, where, [], product);
    killed.kill('SIGKILL');
    await killed.ended;
    const server = await startServer(t, where, [], product);
    assert.match(server.output(), /listening/);
    const second = await startServer(t, where, [], product);
    const { status, stderr } = await second.ended;
    assert.equal(status, 1);
    assert.match(String(stderr), /^clcache-server: a hash server runs already, at [^\n]+\n$/);
    assert.match(await say(where.address, 'relative\0'), /^!/);
  });

  test(`${what} ends after the idle time`, { skip }, async (t) => {
    const server = await startServer(t, place(t), ['--idle-timeout', '0.2'], product);
    assert.equal((await server.ended).status, 0);
  });

  test(`${what} reports in one line what is wrong with its options`, { skip }, async (t) => {
    const server = await startServer(t, place(t), ['--exclude', '('], product);
    const { status, stdout, stderr } = await server.ended;
    assert.deepEqual([status, String(stdout)], [1, '']);
    assert.match(String(stderr), /^clcache-server: [^\n]*--exclude[^\n]*\n$/);
  });

  test(`${what} watches what it has hashed, unless told not to`, {
    skip: process.platform !== 'linux' && 'Linux says what a process watches',
  }, async (t) => {
    const where = place(t);
    const space = workspace(t);
    const paths = ['src/a.h', 'Build/b.h'].map((name) => {
      space.write(name, name);
      return space.path(name);
    });
    await settle();
    // Options are read by the same code in both, and Node.js starts slowly.
    for (const [options, expected] of what === 'the executable' ? WATCHED : WATCHED.slice(0, 2)) {
      const server = await startServer(t, where, options, product);
      assert.match(await say(where.address, `${paths.join('\n')}\0`), /^[0-9a-f]{40}\n[0-9a-f]{40}\0$/);
      const deadline = Date.now() + 60_000;
      // Half a second more, for files that should not be watched.
      do await new Promise((resolve) => setTimeout(resolve, 500));
      while (watches(server.pid) !== expected && Date.now() < deadline);
      assert.equal(watches(server.pid), expected, options.join(' '));
      server.kill('SIGTERM');
      await server.ended;
    }
  });
}

test('the executable is the server under both of its names', { skip }, async (t) => {
  for (const name of ['clcache-server', 'clcachesrv']) {
    const program = executable().replace(/clcache$/, name);
    const { stdout } = await run(program, ['--version'], { env: place(t).env });
    assert.match(String(stdout), /^clcache-server \d/);
  }
});

test('a server whose socket would have too long a name reports that', { skip }, async (t) => {
  const where = place(t);
  const long = { ...where, env: { XDG_RUNTIME_DIR: join(where.env.XDG_RUNTIME_DIR, 'x'.repeat(100)) } };
  for (const product of Object.values(SERVER_PRODUCTS)) {
    const { status, stderr } = await (await startServer(t, long, [], product)).ended;
    assert.equal(status, 1);
    assert.match(String(stderr), /^clcache-server: [^\n]* is too long for a socket\n$/);
  }
});

/** How many files a process has inotify watch. */
function watches(pid: number): number {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.startsWith('inotify ')).length;
}
