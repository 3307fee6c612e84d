/** The hash server at its named pipe. There is one for the whole machine, so these tests take turns. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { layoutOf } from '../../src/storage/local/layout.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import {
  type Clcache,
  clcacheOf,
  PRODUCT_NAMES,
  type Product,
  type ProductName,
  product,
} from './harness/product.ts';
import { runThroughPipes, runWindows, startWindows, toWindowsPath } from './harness/run.ts';
import { type Workspace, workspace } from './harness/workspace.ts';

const HEADERS = 30;

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

function serverOf(name: ProductName): Product {
  const { program, first } = product(machine, name);
  return first.length === 0
    ? { name, program: join(dirname(program), 'clcache-server.exe'), first }
    : {
        name,
        program,
        first: first.map((file) => file.replace(/clcache\.js$/, 'clcache-server.js')),
      };
}

async function startServer(t: TestContext, { program, first }: Product, args: readonly string[] = []) {
  const server = await startWindows(program, [...first, ...args]);
  t.after(async () => {
    server.kill();
    await server.result;
  });
  return server;
}

/** A source with headers in their own folder, compiled by clcache that asks the server. */
class Project {
  readonly w: Workspace;
  readonly clcache: Clcache;

  constructor(t: TestContext, name: ProductName) {
    this.w = workspace(t);
    this.writeHeaders('old');
    const includes = Array.from({ length: HEADERS }, (_, index) => `#include "inc/h${index}.h"\n`).join('');
    this.w.write('a.c', includes);
    this.clcache = clcacheOf(machine, product(machine, name), this.w.at('cache'), {
      cwd: this.w.root,
      env: {
        CLCACHE_SERVER: '1',
        CLCACHE_SERVER_TIMEOUT_MS: '60000',
        CLCACHE_LOG: toWindowsPath(this.w.at('log.txt')),
      },
    });
  }

  writeHeaders(text: string): void {
    for (let index = 0; index < HEADERS; index++) {
      this.w.write(`inc/h${index}.h`, `char in_h${index}[] = "${text}";\n`);
    }
  }

  /** Compiles, and returns what the log says of the hash server. */
  async compile(): Promise<string | undefined> {
    rmSync(this.w.at('log.txt'), { force: true });
    const { status, stderr } = await this.clcache.compile(['/nologo', '/c', 'a.c']);
    assert.deepEqual([status, String(stderr)], [0, '']);
    return /hash server[^\r\n]*/.exec(readFileSync(this.w.at('log.txt'), 'utf8'))?.[0];
  }

  /** Removes what calls have remembered of the headers. */
  forgetHashes(): void {
    const cache = this.w.at('cache');
    if (!existsSync(cache)) return;
    for (const file of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.hashes')) rmSync(join(cache, file));
    }
    rmSync(layoutOf(cache).headers, { recursive: true, force: true });
  }

  /** Compiles until the server answers. */
  async compileServed(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const notes: (string | undefined)[] = [];
    const started = performance.now();
    while (notes.at(-1) !== `hash server: ${HEADERS} hashes`) {
      assert.ok(performance.now() - started < 300_000, notes.join('\n'));
      this.forgetHashes();
      notes.push(await this.compile());
    }
  }
}

for (const name of PRODUCT_NAMES) {
  // Each form asks the other one here, and its own below.
  for (const server of PRODUCT_NAMES.filter((other) => other !== name)) {
    test(`${name} takes hashes from ${server} over the pipe, and notices a changed header`, async (t) => {
      const project = new Project(t, name);
      await startServer(t, serverOf(server));
      await project.compileServed();
      project.w.write('inc/h0.h', 'char in_h0[] = "new";\n');
      await project.compile();
      assert.ok(readFileSync(project.w.at('a.obj')).includes('new\0'));
      const counted = await project.clcache.statistics();
      assert.equal(counted('HeaderChangedMisses'), 1);
    });
  }

  test(`${name} compiles without a server`, async (t) => {
    const project = new Project(t, name);
    await project.compile();
    project.forgetHashes();
    assert.match((await project.compile()) ?? '', /^hash server not used: /);
    const counted = await project.clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
  });

  test(`${name}: a folder whose headers the server has hashed can be deleted and made again`, async (t) => {
    const project = new Project(t, name);
    await startServer(t, serverOf(name));
    await project.compileServed();
    const script = `
      const fs = require('fs');
      const folder = process.argv[1];
      fs.rmSync(folder, { recursive: true });
      if (fs.existsSync(folder)) throw new Error('it is still there');
      fs.mkdirSync(folder);
    `;
    const inc = toWindowsPath(project.w.at('inc'));
    const { status, stderr } = await runWindows(machine.node, ['-e', script, inc]);
    assert.equal(status, 0, String(stderr));
    project.writeHeaders('new');
    await project.compileServed();
    assert.ok(readFileSync(project.w.at('a.obj')).includes('new\0'));
  });

  test(`${name}: a second server reports that one runs`, async (t) => {
    const project = new Project(t, name);
    const { program, first } = serverOf(name);
    await startServer(t, { name, program, first });
    await project.compileServed();
    const { status, stderr } = await runWindows(program, first);
    assert.equal(status, 1);
    assert.match(String(stderr), /^clcache-server: a hash server runs already, at [^\n]*clcache_srv\r?\n$/);
  });

  test(`${name}: the server ends on Ctrl+C, and after the idle time`, async (t) => {
    const project = new Project(t, name);
    const { program, first } = serverOf(name);
    const call = { program, args: [...first, '--idle-timeout', '60'] };
    const running = runThroughPipes(call, { mode: 'ctrl-c', when: project.w.at('now') });
    await project.compileServed();
    const pressed = performance.now();
    project.w.write('now', '');
    const stopped = await running;
    assert.ok(performance.now() - pressed < 30_000, 'it ended by itself only');
    assert.equal(stopped.status, 0, String(stopped.stderr));
    const idle = await runWindows(program, [...first, '--idle-timeout', '0.5']);
    assert.equal(idle.status, 0, String(idle.stderr));
    assert.match(String(idle.stdout), /listening/);
  });
}
