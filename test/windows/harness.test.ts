import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ROOT } from '../../bin/dev/project.ts';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { type Built, buildProgram } from './harness/programs.ts';
import { runMany, runThroughPipes, runWindows, startWindows, toWindowsPath } from './harness/run.ts';
import { msbuildResponseFile, workspace } from './harness/workspace.ts';

let machine: Machine;
let spawner: Built;

before(async () => {
  machine = await prepareMachine();
  spawner = buildProgram(join(ROOT, 'test', 'windows', 'fixtures', 'spawn-compiler.ts'));
});

const SOURCE = '#include "value.h"\nint f(void) { return VALUE; }\n';

test('cl.exe compiles, names its source, lists headers with Windows paths and ends its lines in CR LF', async (t) => {
  const w = workspace(t);
  w.write('a.c', SOURCE);
  w.write('inc folder/value.h', '#define VALUE 1\n');
  w.write('obj/keep', '');
  const args = ['/nologo', '/c', 'a.c', '/Iinc folder', '/Foobj\\', '/showIncludes'];
  const result = await runWindows(machine.compiler, args, { cwd: w.root });
  assert.equal(result.status, 0, String(result.stderr));
  const header = toWindowsPath(w.at('inc folder', 'value.h'));
  assert.equal(
    String(result.stdout).toLowerCase(),
    `a.c\r\nNote: including file: ${header}\r\n`.toLowerCase(),
  );
  assert.ok(existsSync(w.at('obj', 'a.obj')));
});

test('cl.exe finds files in any case and with any slashes', async (t) => {
  const w = workspace(t);
  w.write('Source Folder/A.c', SOURCE);
  w.write('Inc/value.h', '#define VALUE 1\n');
  const source = toWindowsPath(w.at('SOURCE folder', 'a.C')).replaceAll('\\', '/');
  const args = [
    '/nologo',
    '/c',
    source,
    `/I${toWindowsPath(w.at('iNC'))}`,
    `/Fo${toWindowsPath(w.at('x.obj'))}`,
  ];
  const result = await runWindows(machine.compiler, args, { cwd: w.root });
  assert.equal(result.status, 0, String(result.stderr));
  assert.ok(existsSync(w.at('x.obj')));
});

test('cl.exe reads UTF-16 response files, CL, _CL_ and INCLUDE', async (t) => {
  const w = workspace(t);
  w.write(
    'a.c',
    '#include <value.h>\n#if VALUE + FROM_CL + FROM_CL_AFTER != 111\n#error\n#endif\nchar t[] = TEXT;\n',
  );
  w.write('inc folder/value.h', '#define VALUE 1\n');
  const lines = ['/nologo /c', `"${toWindowsPath(w.at('a.c'))}"`, '/D"TEXT=\\"two words\\""'];
  w.write('all.rsp', msbuildResponseFile(lines));
  const env = {
    CL: '/DFROM_CL#10',
    _CL_: '/DFROM_CL_AFTER=100',
    INCLUDE: `${toWindowsPath(w.at('none'))};${toWindowsPath(w.at('inc folder'))}`,
  };
  const result = await runWindows(machine.compiler, ['@all.rsp'], { cwd: w.root, env });
  assert.equal(result.status, 0, String(result.stdout) + String(result.stderr));
  assert.ok(readFileSync(w.at('a.obj')).includes('two words'));
});

test('cl.exe fails with the compiler’s own status and message', async (t) => {
  const w = workspace(t);
  w.write('a.c', 'int f(void) { return x; }\n');
  const result = await runWindows(machine.compiler, ['/nologo', '/c', 'a.c'], { cwd: w.root });
  assert.notEqual(result.status, 0);
  assert.match(String(result.stdout) + String(result.stderr), /a\.c\(1.*error/);
  assert.ok(!existsSync(w.at('a.obj')));
});

for (const kind of ['an executable of Bun', 'Windows Node'] as const) {
  test(`${kind} starts cl.exe and gets its output, its status and its object`, async (t) => {
    const w = workspace(t);
    w.write('a.c', SOURCE);
    w.write('value.h', '#define VALUE 1\n');
    w.write('bad.c', 'int f(void) { return x; }\n');
    const [program, first] =
      kind === 'Windows Node' ? [machine.node, [toWindowsPath(spawner.script)]] : [spawner.executable, []];
    const call = async (...args: string[]) => {
      const all = [...first, toWindowsPath(machine.compiler), '/nologo', '/c', ...args];
      const result = await runWindows(program, all, { cwd: w.root });
      assert.equal(result.status, 0, String(result.stderr));
      t.diagnostic(`${kind} with cl.exe: ${Math.round(result.milliseconds)} ms`);
      return JSON.parse(String(result.stdout));
    };
    const good = await call('a.c');
    assert.deepEqual(good, { status: 0, stdout: 'a.c\r\n', stderr: '', platform: 'win32' });
    assert.ok(statSync(w.at('a.obj')).size > 0);
    const bad = await call('bad.c');
    assert.notEqual(bad.status, 0);
    assert.match(bad.stdout + bad.stderr, /error/);
  });
}

test('eight executables of Bun at once all compile', async (t) => {
  const w = workspace(t);
  const names = Array.from({ length: 8 }, (_, i) => `source${i}.c`);
  for (const name of names) w.write(name, `int ${name.slice(0, -2)}(void) { return 1; }\n`);
  const calls = names.map((name) => ({
    program: spawner.executable,
    args: [toWindowsPath(machine.compiler), '/nologo', '/c', name],
    options: { cwd: w.root },
  }));
  const started = performance.now();
  const results = await runMany(calls, 8);
  t.diagnostic(`at once: ${Math.round(performance.now() - started)} ms`);
  for (const [index, result] of results.entries()) {
    assert.equal(result.status, 0, String(result.stderr));
    const expected = { status: 0, stdout: `${names[index]}\r\n`, stderr: '', platform: 'win32' };
    assert.deepEqual(JSON.parse(String(result.stdout)), expected);
    assert.ok(existsSync(w.at(`source${index}.obj`)));
  }
});

test('a scripted compiler ends with all 32 bits of its status, on pipes', async (t) => {
  const w = workspace(t);
  const env = { SCRIPTED_CL_WHEN: 'a.c', SCRIPTED_CL_STATUS: '0xC0000005', SCRIPTED_CL_STDOUT: 'text' };
  const call = { program: machine.scriptedCompiler, args: ['/c', 'a.c'], options: { cwd: w.root, env } };
  const result = await runThroughPipes(call);
  assert.equal(result.status, 0xc0000005);
  assert.equal(String(result.stdout), 'text');
  const detached = await runThroughPipes(call, { mode: 'detached' });
  assert.equal(detached.status, 0xc0000005);
});

test('Ctrl+C reaches a program in a console of its own', async (t) => {
  const w = workspace(t);
  const script = `
    process.on('SIGINT', () => process.exit(55));
    require('fs').writeFileSync('ready', '');
    setTimeout(() => {}, 30000);`;
  const call = { program: machine.node, args: ['-e', script], options: { cwd: w.root } };
  const result = await runThroughPipes(call, { mode: 'ctrl-c', when: w.at('ready') });
  assert.equal(result.status, 55);
});

test('a program can be killed, and suspended and resumed', async (t) => {
  const w = workspace(t);
  const script = `let n = 0; setInterval(() => require('fs').writeFileSync('n', String(++n)), 5);`;
  const running = await startWindows(machine.node, ['-e', script], { cwd: w.root });
  const read = () => (existsSync(w.at('n')) ? Number(readFileSync(w.at('n'), 'utf8')) : 0);
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  while (read() < 3) await sleep(10);
  await running.suspend();
  await sleep(50);
  const suspendedAt = readFileSync(w.at('n'), 'utf8');
  await sleep(300);
  assert.equal(readFileSync(w.at('n'), 'utf8'), suspendedAt);
  await running.resume();
  while (read() <= Number(suspendedAt)) await sleep(10);
  running.kill();
  assert.notEqual((await running.result).status, 0);
});

test('Wine starts programs at fixed addresses only', async (t) => {
  if (machine.wine?.command[0] !== 'setarch') return t.skip('not Wine, or not allowed');
  const w = workspace(t);
  const script = `require('fs').writeFileSync('ready', ''); setTimeout(() => {}, 30000); // ${w.root}`;
  const running = await startWindows(machine.node, ['-e', script], { cwd: w.root });
  while (!existsSync(w.at('ready'))) await new Promise((resolve) => setTimeout(resolve, 10));
  const about = (pid: string, what: string) => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, 'utf8');
    } catch {
      return ''; // It has ended, or is no process.
    }
  };
  const own = readdirSync('/proc').filter((pid) => about(pid, 'cmdline').includes(`// ${w.root}`));
  const NOT_RANDOMIZED = 0x0040000;
  const personalities = own.map((pid) => Number.parseInt(about(pid, 'personality'), 16) & NOT_RANDOMIZED);
  running.kill();
  await running.result;
  assert.deepEqual(personalities, [NOT_RANDOMIZED]);
});

test('the holder keeps others from replacing a file that it has open', async (t) => {
  const w = workspace(t);
  w.write('held/file', 'content');
  const holder = await startWindows(machine.holder, ['held', '300', 'stop'], { cwd: w.root });
  const script = `
    const fs = require('fs'); const seen = new Set(); const end = Date.now() + 30000;
    while (seen.size === 0 && Date.now() < end) {
      fs.writeFileSync('new', 'x');
      try { fs.renameSync('new', 'held/file'); } catch (error) { seen.add(error.code); }
    }
    console.log([...seen].join());`;
  const result = await runWindows(machine.node, ['-e', script], { cwd: w.root });
  w.write('stop', '');
  assert.match(String(result.stdout), /EPERM|EBUSY|EACCES/);
  assert.match(String((await holder.result).stdout), /held [1-9]/);
});

test('starting programs is quick', async (t) => {
  const script = toWindowsPath(spawner.script);
  const cl = toWindowsPath(machine.compiler);
  const starts: readonly [string, string, readonly string[]][] = [
    ['cl.exe --version', machine.compiler, ['--version']],
    ['an empty C program', machine.scriptedCompiler, []],
    ['node.exe -e 0', machine.node, ['-e', '0']],
    ['node.exe that starts cl.exe --version', machine.node, [script, cl, '--version']],
    ['a Bun executable that starts nothing', spawner.executable, []],
    ['a Bun executable that starts cl.exe --version', spawner.executable, [cl, '--version']],
  ];
  for (const [what, program, args] of starts) {
    const { milliseconds } = await runWindows(program, args);
    t.diagnostic(`${what}: ${Math.round(milliseconds)} ms`);
    if (ON_WINE) assert.ok(milliseconds < 30_000);
  }
});
