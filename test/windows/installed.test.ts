import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { knowTheCompiler } from './harness/learnt.ts';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, EXECUTABLE, PRODUCT_NAMES, product } from './harness/product.ts';
import { type RunOptions, runThroughPipes, runWindows, toWindowsPath } from './harness/run.ts';
import { msbuildResponseFile, type Workspace, workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

const NAME = 'the Windows executable';

function setUp(t: TestContext, options: RunOptions = {}) {
  const w = workspace(t);
  w.write('a.c', 'char text[] = "compiled";\n');
  const clcache = clcacheOf(machine, product(machine, NAME), w.at('cache'), { cwd: w.root, ...options });
  return { w, clcache };
}

/** Runs `program` twice with the cache of `w`. The second time must be a hit. */
async function missThenHit(w: Workspace, program: string, args: readonly string[], options: RunOptions) {
  const env = { CLCACHE_DIR: toWindowsPath(w.at('cache')), ...options.env };
  for (const round of ['miss', 'hit']) {
    const result = await runWindows(program, args, { cwd: w.root, ...options, env });
    assert.equal(result.status, 0, `${round}: ${result.stdout}${result.stderr}`);
    assert.equal(String(result.stdout), 'a.c\r\n');
    assert.ok(readFileSync(w.at('a.obj')).includes('compiled'));
    rmSync(w.at('a.obj'));
  }
  const counted = await clcacheOf(machine, product(machine, NAME), w.at('cache')).statistics();
  assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
}

const COMPILE = ['/nologo', '/c', 'a.c'];

const WAYS_TO_RENAME = { 'a copy': copyFileSync, 'a hard link': linkSync, 'a symbolic link': symlinkSync };

for (const [what, place] of Object.entries(WAYS_TO_RENAME)) {
  test(`clcache as ${what} named cl.exe and first on PATH runs the next cl.exe`, async (t) => {
    const { w } = setUp(t);
    mkdirSync(w.at('first'));
    place(EXECUTABLE, w.at('first', 'cl.exe'));
    const path = [w.at('first'), dirname(machine.compiler)];
    await missThenHit(w, w.at('first', 'cl.exe'), COMPILE, { path });
  });
}

test('clcache as cl.exe does not take another copy of itself on PATH for the compiler', async (t) => {
  const { w } = setUp(t);
  for (const folder of ['first', 'second', 'third']) mkdirSync(w.at(folder));
  copyFileSync(EXECUTABLE, w.at('first', 'cl.exe'));
  copyFileSync(EXECUTABLE, w.at('second', 'CL.EXE'));
  linkSync(w.at('first', 'cl.exe'), w.at('third', 'cl.exe'));
  const path = [w.at('third'), w.at('second'), w.at('first'), dirname(machine.compiler)];
  await missThenHit(w, w.at('first', 'cl.exe'), COMPILE, { path });
});

test('clcache as a launcher takes the compiler from its first argument: a path, a name, a name without .exe', async (t) => {
  const path = [dirname(machine.compiler)];
  const full = toWindowsPath(machine.compiler);
  for (const compiler of [full, full.replaceAll('\\', '/'), 'cl.exe', 'CL.EXE', 'cl']) {
    await t.test(
      compiler === full ? 'a path' : compiler.includes('/') ? 'a path with /' : compiler,
      async (inner) => {
        const { w } = setUp(inner);
        await missThenHit(w, EXECUTABLE, [compiler, ...COMPILE], { path });
      },
    );
  }
});

test('CLCACHE_CL names the compiler by a path or by a name on PATH', async (t) => {
  const path = [dirname(machine.compiler)];
  for (const compiler of [toWindowsPath(machine.compiler), 'cl.exe', 'cl']) {
    await t.test(compiler.includes('\\') ? 'a path' : compiler, async (inner) => {
      const { w } = setUp(inner);
      await missThenHit(w, EXECUTABLE, COMPILE, { path, env: { CLCACHE_CL: compiler } });
    });
  }
});

test('clcache as CLToolExe is called with only a response file and takes cl.exe from PATH', async (t) => {
  const { w } = setUp(t);
  w.write('cl.rsp', msbuildResponseFile([`/c /nologo /TC "${toWindowsPath(w.at('a.c'))}"`]));
  const path = [dirname(machine.compiler)];
  await missThenHit(w, EXECUTABLE, [`@${toWindowsPath(w.at('cl.rsp'))}`], { path });
});

test('clcache reports in one line where it searched if there is no compiler, and ends with 1', async (t) => {
  const { clcache } = setUp(t, { env: { CLCACHE_CL: 'no-such-compiler.exe' } });
  const result = await clcache.run(COMPILE);
  assert.equal(result.status, 1);
  assert.match(String(result.stderr), /no-such-compiler\.exe/);
  assert.equal(String(result.stderr).trim().split('\n').length, 1);
});

for (const name of PRODUCT_NAMES) {
  const setUpScripted = (t: TestContext, env: Readonly<Record<string, string>>) => {
    const w = workspace(t);
    w.write('a.c', 'char text[] = "compiled";\n');
    const real = { SCRIPTED_CL_REAL: toWindowsPath(machine.compiler) };
    const learner = { machine, executable: EXECUTABLE, compiler: machine.scriptedCompiler, env: real };
    knowTheCompiler(w.at('cache'), learner);
    const scripted = { ...real, SCRIPTED_CL_WHEN: 'a.c', ...env };
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd: w.root, env: scripted });
    return { w, clcache };
  };
  test(`${name}: the compiler may be a batch file`, async (t) => {
    const w = workspace(t);
    w.write('a.c', '#define QUOTED(x) #x\n#define TEXT(x) QUOTED(x)\nchar text[] = TEXT(WORD);\n');
    // Wine's command processor splits a name with an escaped blank.
    const compiler = join(temporaryFolder(t), 'my-cl.cmd');
    writeFileSync(compiler, `@"${toWindowsPath(machine.compiler)}" %*\r\n`);
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd: w.root });
    for (const round of ['miss', 'hit']) {
      const args = [toWindowsPath(compiler), '/DWORD=compiled', '/DOTHER="two words"', ...COMPILE];
      const result = await clcache.run(args);
      assert.equal(result.status, 0, `${round}: ${result.stdout}${result.stderr}`);
      assert.ok(readFileSync(w.at('a.obj')).includes('compiled'), round);
      rmSync(w.at('a.obj'));
    }
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
  });

  const scriptedCompile = () => [toWindowsPath(machine.scriptedCompiler), ...COMPILE];

  // A crash, an interruption, -1, the status of a program that runs, and a failure. Node.js, which starts slowly, gets three.
  const statuses = ['0xC0000005', '0xFFFFFFFF', '259', '0xC000013A', '2'];
  for (const status of name === NAME ? statuses : statuses.slice(0, 3)) {
    test(`${name}: passes on a compiler's exit status ${status} and its output`, async (t) => {
      const env = {
        SCRIPTED_CL_STATUS: status,
        SCRIPTED_CL_STDOUT: 'out\r\n',
        SCRIPTED_CL_STDERR: 'err\r\n',
      };
      const { clcache } = setUpScripted(t, env);
      for (const args of [scriptedCompile(), [...scriptedCompile(), '/EP']]) {
        const result = await runThroughPipes(clcache.call(args));
        assert.equal(result.status, Number(status), String(result.stderr));
        assert.equal(String(result.stdout), 'out\r\n');
        assert.equal(String(result.stderr), 'err\r\n');
      }
    });
  }

  test(`${name}: a compiler that cannot be started is reported in one line`, async (t) => {
    const { w, clcache } = setUpScripted(t, {});
    w.write('b.c', 'int b;\n');
    w.write('broken.exe', 'not a program');
    const broken = toWindowsPath(w.at('broken.exe'));
    for (const args of [COMPILE, [...COMPILE, '/MP', 'b.c'], [...COMPILE, '/EP']]) {
      const result = await clcache.run([broken, ...args]);
      assert.equal(result.status, 1);
      assert.match(String(result.stderr), /^clcache: .*could not be started.*\r?\n$/);
    }
  });

  test(`${name}: the compiler gets no console window, also if there is no console at all`, async (t) => {
    const { w, clcache } = setUpScripted(t, { SCRIPTED_CL_REPORT: 'report' });
    for (const mode of ['pipes', 'detached'] as const) {
      for (const args of [scriptedCompile(), [...scriptedCompile(), '/EP']]) {
        const result = await runThroughPipes(clcache.call([...args, `/D${mode}`]), { mode });
        assert.equal(result.status, 0, String(result.stderr));
      }
    }
    const report = readFileSync(w.at('report'), 'utf8');
    assert.ok(report.trim().split('\n').length >= 4, report);
    assert.doesNotMatch(report, /window=visible/);
  });

  test(`${name}: the compiler inherits no handles but its streams`, async (t) => {
    const { w, clcache } = setUpScripted(t, { SCRIPTED_CL_REPORT: 'report' });
    const handles = () => {
      const counts = [...readFileSync(w.at('report'), 'utf8').matchAll(/handles=(\d+)/g)].map((m) =>
        Number(m[1]),
      );
      rmSync(w.at('report'));
      return Math.max(...counts);
    };
    const env = { ...clcache.call([]).options?.env };
    const alone = { program: machine.scriptedCompiler, args: COMPILE, options: { cwd: w.root, env } };
    await runThroughPipes(alone);
    const expected = handles();
    for (const args of [scriptedCompile(), [...scriptedCompile(), '/EP']]) {
      const result = await runThroughPipes(clcache.call(args));
      assert.equal(result.status, 0, String(result.stderr));
      const inherited = handles() - expected;
      assert.ok(inherited <= 2, `${inherited} handles more than without clcache`);
      assert.ok(result.pipesOpenMs < 1000, `its pipes stayed open for ${result.pipesOpenMs} ms`);
    }
    assert.ok(existsSync(w.at('a.obj')));
  });
}
