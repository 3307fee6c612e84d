/** npm's command on Windows: Node.js starts the executable of the package for Windows. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, linkSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, EXECUTABLE, type Product } from './harness/product.ts';
import { runThroughPipes, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

/** A folder as npm makes it, and the command in it. What runs in Node.js itself is missing. */
function setUp(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const w = workspace(t);
  w.write('a.c', 'char text[] = "compiled";\n');
  for (const name of ['package.json', 'bin/clcache.js', 'bin/clcache-server.js'])
    cpSync(join(ROOT, name), w.at('node_modules/clcache', name));
  const program = w.at('node_modules/@clcache/win32-x64/clcache.exe');
  mkdirSync(dirname(program), { recursive: true });
  linkSync(EXECUTABLE, program);
  const command = (name: string): Product => ({
    name,
    program: machine.node,
    first: [toWindowsPath(w.at('node_modules/clcache/bin', name))],
  });
  const real = { SCRIPTED_CL_REAL: toWindowsPath(machine.compiler), SCRIPTED_CL_WHEN: 'a.c' };
  const options = { cwd: w.root, env: { ...real, ...env } };
  const clcache = clcacheOf(machine, command('clcache.js'), w.at('cache'), options);
  const server = clcacheOf(machine, command('clcache-server.js'), w.at('cache'), options);
  return { w, clcache, server };
}

test('the command starts the executable, also as the hash server', async (t) => {
  const { w, clcache, server } = setUp(t);
  const where = String((await clcache.run(['--where'])).stdout).trim();
  assert.match(where, /\\node_modules\\@clcache\\win32-x64\\clcache\.exe$/);
  assert.match(String((await server.run(['--version'])).stdout), /^clcache-server \d/);
  for (const round of ['miss', 'hit']) {
    const { status, stderr } = await clcache.compile(['/nologo', '/c', '/DWORDS="two words"', 'a.c']);
    assert.equal(status, 0, `${round}: ${stderr}`);
    assert.ok(readFileSync(w.at('a.obj')).includes('compiled'));
  }
  const counted = await clcache.statistics();
  assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
});

test('the command has the compiler’s streams and all bits of its status, with and without a console', async (t) => {
  const { clcache } = setUp(t, {
    SCRIPTED_CL_STATUS: '0xC0000005',
    SCRIPTED_CL_STDOUT: 'out\r\n',
    SCRIPTED_CL_STDERR: 'err\r\n',
  });
  for (const mode of ['pipes', 'detached'] as const) {
    const call = clcache.call([toWindowsPath(machine.scriptedCompiler), '/EP', 'a.c']);
    const { status, stdout, stderr } = await runThroughPipes(call, { mode });
    assert.deepEqual([status, String(stdout), String(stderr)], [0xc0000005, 'out\r\n', 'err\r\n'], mode);
  }
});

test('Ctrl+C ends the command and the compiler', async (t) => {
  const { w, clcache } = setUp(t);
  const env = {
    SCRIPTED_CL_REAL: toWindowsPath(machine.compiler),
    SCRIPTED_CL_WHEN: 'a.c',
    SCRIPTED_CL_STARTED: toWindowsPath(w.at('started')),
    SCRIPTED_CL_GATE: toWindowsPath(w.at('gate')),
  };
  const args = [toWindowsPath(machine.scriptedCompiler), '/nologo', '/c'];
  w.write('first.c', '');
  assert.equal((await clcache.run([...args, 'first.c'], { env })).status, 0);
  const call = clcache.call([...args, 'a.c'], { env });
  const { milliseconds } = await runThroughPipes(call, { mode: 'ctrl-c', when: w.at('started') });
  assert.ok(milliseconds < 60_000, `it took ${milliseconds} ms`);
  assert.ok(!existsSync(w.at('a.obj')));
});
