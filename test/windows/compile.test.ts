import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { before, type TestContext, test } from 'node:test';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, PRODUCT_NAMES, product } from './harness/product.ts';
import { type RunResult, runWindows, toWindowsPath } from './harness/run.ts';
import { msbuildResponseFile, workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

const WARNS = '#include "value.h"\n#pragma message("a message")\nint f(void) { return VALUE; }\n';

/** The visible result of a call, as text that shows CR and LF. */
const seen = ({ status, stdout, stderr }: RunResult) => ({
  status,
  stdout: stdout.toString('latin1'),
  stderr: stderr.toString('latin1'),
});

for (const name of PRODUCT_NAMES) {
  // Node.js starts slowly under Wine. Its form compiles with notes and changed headers in `names.test.ts`.
  const isExecutable = name === 'the Windows executable';
  const setUp = (t: TestContext) => {
    const w = workspace(t);
    mkdirSync(w.at('project'));
    const cwd = w.at('project');
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd });
    const direct = (args: readonly string[]) => runWindows(machine.compiler, args, { cwd });
    const write = (file: string, content: string | Buffer) => w.write(`project/${file}`, content);
    return { w, cwd, clcache, direct, write, at: (...file: string[]) => w.at('project', ...file) };
  };

  test(`${name}: a second compile is a hit with the same object, output and status`, async (t) => {
    const { clcache, direct, write, at } = setUp(t);
    write('a.c', WARNS);
    write('value.h', '#define VALUE 1\n');
    const args = ['/nologo', '/c', 'a.c'];
    const expected = seen(await direct(args));
    assert.equal(expected.status, 0);
    assert.match(expected.stdout + expected.stderr, /a message.*\r\n/);
    rmSync(at('a.obj'));

    assert.deepEqual(seen(await clcache.compile(args)), expected);
    const object = readFileSync(at('a.obj'));
    rmSync(at('a.obj'));
    assert.deepEqual(seen(await clcache.compile(args)), expected);
    assert.deepEqual(readFileSync(at('a.obj')), object);

    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits'), counted('CacheEntries')], [1, 1, 1]);
  });

  if (isExecutable) {
    test(`${name}: requested include notes are printed on a hit, byte for byte`, async (t) => {
      const { clcache, direct, write } = setUp(t);
      write('a.c', WARNS);
      write('value.h', '#include "sub/deep.h"\n#define VALUE 1\n');
      write('sub/deep.h', '\n');
      const args = ['/nologo', '/c', 'a.c', '/showIncludes'];
      const expected = seen(await direct(args));
      assert.match(expected.stdout, /Note: including file: {2}\S.*deep\.h\r\n/);
      assert.deepEqual(seen(await clcache.compile(args)), expected);
      assert.deepEqual(seen(await clcache.compile(args)), expected);
      assert.equal((await clcache.statistics())('CacheHits'), 1);
    });
  }

  if (isExecutable) {
    test(`${name}: a changed header is a miss, and a hit again when it changes back`, async (t) => {
      const { clcache, write, at } = setUp(t);
      const compileWith = async (value: string) => {
        write('value.h', `#define VALUE "${value}"\n`);
        const result = await clcache.compile(['/nologo', '/c', 'a.c', '/Foa.obj']);
        assert.equal(result.status, 0, String(result.stderr));
        assert.ok(readFileSync(at('a.obj')).includes(value));
      };
      write('a.c', '#include "value.h"\nconst char *f(void) { return VALUE; }\n');
      await compileWith('the first');
      await compileWith('the second');
      await compileWith('the first');
      const counted = await clcache.statistics();
      assert.deepEqual([counted('CacheMisses'), counted('HeaderChangedMisses')], [2, 1]);
      assert.equal(counted('CacheHits'), 1);
    });
  }

  test(`${name}: a compile that fails fails in the same way every time and is not stored`, async (t) => {
    const { clcache, direct, write, at } = setUp(t);
    write('bad.c', '#pragma message("before")\nint f(void) { return nowhere; }\n');
    const args = ['/nologo', '/c', 'bad.c'];
    const expected = seen(await direct(args));
    assert.notEqual(expected.status, 0);
    assert.deepEqual(seen(await clcache.compile(args)), expected);
    assert.deepEqual(seen(await clcache.compile(args)), expected);
    assert.ok(!existsSync(at('bad.obj')));
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheHits'), counted('CacheEntries')], [0, 0]);
  });

  test(`${name}: several sources of one call are cached one by one`, async (t) => {
    const { clcache, direct, write, at } = setUp(t);
    const names = ['one', 'two', 'three', 'four'];
    for (const each of names) write(`${each}.c`, `char ${each}[] = "text of ${each}";\n`);
    mkdirSync(at('obj'));
    const sources = names.map((each) => `${each}.c`);
    const args = ['/nologo', '/c', '/MP', '/Foobj\\', ...sources];
    const expected = seen(await direct(args));
    assert.equal(expected.status, 0);
    for (const each of names) rmSync(at('obj', `${each}.obj`));

    for (const round of ['cold', 'warm']) {
      assert.deepEqual(seen(await clcache.compile(args)), expected, round);
      for (const each of names) {
        assert.ok(readFileSync(at('obj', `${each}.obj`)).includes(`text of ${each}`));
        rmSync(at('obj', `${each}.obj`));
      }
    }
    // With /MP again: clang-cl warns about it, so for clang-cl it is an option like any other.
    const alone = await clcache.compile(['/nologo', '/c', '/MP', '/Foobj\\', 'two.c']);
    assert.equal(alone.status, 0);
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [4, 5]);
  });

  test(`${name}: reads a response file in UTF-16 as MSBuild writes it`, async (t) => {
    const { clcache, write, at } = setUp(t);
    write('source folder/größe.c', '#include <value.h>\nchar text[] = TEXT VALUE;\n');
    write('include folder/value.h', '#define VALUE "from the header"\n');
    mkdirSync(at('x64', 'Debug'), { recursive: true });
    write(
      'cl.command.1.rsp',
      msbuildResponseFile([
        `/c /I"${toWindowsPath(at('include folder'))}" /nologo /W3 /D "TEXT=\\"two words\\"" /D _UNICODE`,
        `/Fo"x64\\Debug\\\\" /Gd /TC "source folder\\größe.c"`,
      ]),
    );
    const args = [`@${toWindowsPath(at('cl.command.1.rsp'))}`];
    for (const round of ['cold', 'warm']) {
      const result = await clcache.compile(args);
      assert.equal(result.status, 0, `${round}: ${result.stdout}${result.stderr}`);
      const object = readFileSync(at('x64', 'Debug', 'größe.obj'));
      assert.ok(object.includes('two wordsfrom the header'));
      rmSync(at('x64', 'Debug', 'größe.obj'));
    }
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 1]);
  });

  test(`${name}: a command line that is longer than Windows allows reaches the compiler`, async (t) => {
    const { clcache, write, at } = setUp(t);
    write('a.c', 'char text[] = TEXT_OF_NUMBER_1999;\n');
    const defines = Array.from({ length: 2000 }, (_, i) => `/DTEXT_OF_NUMBER_${i}=\\"number${i}\\"`);
    assert.ok(defines.join(' ').length > 40_000);
    write('long.rsp', msbuildResponseFile(['/nologo /c a.c', ...defines]));
    for (const round of ['cold', 'warm']) {
      const result = await clcache.compile(['@long.rsp']);
      assert.equal(result.status, 0, `${round}: ${result.stdout}${result.stderr}`);
      assert.ok(readFileSync(at('a.obj')).includes('number1999'));
      rmSync(at('a.obj'));
    }
    assert.equal((await clcache.statistics())('CacheHits'), 1);
  });

  if (isExecutable) {
    test(`${name}: another folder below CLCACHE_BASEDIR hits, in any capitals and slashes`, async (t) => {
      const { w, clcache } = setUp(t);
      for (const tree of ['Tree-A', 'Tree-B']) {
        w.write(
          `${tree}/Src/a.c`,
          '#include "value.h"\n#include "deep.h"\nint f(void) { return VALUE + DEEP; }\n',
        );
        w.write(`${tree}/Src/value.h`, '#define VALUE 1\n');
        w.write(`${tree}/Inc/deep.h`, '#define DEEP 2\n');
      }
      const windows = (...path: string[]) => toWindowsPath(w.at(...path));
      const forward = (path: string) => path.replaceAll('\\', '/');
      const compile = async (tree: string, source: string, include: string, base: string) => {
        const args = ['/nologo', '/c', source, `/I${include}`, '/Foa.obj'];
        const result = await clcache.compile(args, { cwd: w.at(tree), env: { CLCACHE_BASEDIR: base } });
        assert.equal(result.status, 0, String(result.stdout) + String(result.stderr));
        assert.ok(existsSync(w.at(tree, 'a.obj')));
      };
      await compile('Tree-A', windows('Tree-A', 'Src', 'a.c'), windows('Tree-A', 'Inc'), windows('Tree-A'));
      const lower = windows('Tree-B').replace(/^\w/, (drive) => drive.toLowerCase());
      await compile(
        'Tree-B',
        `${forward(windows('Tree-B'))}/Src\\a.c`,
        windows('TREE-B', 'Inc'),
        `${forward(lower)}/`,
      );
      await compile(
        'Tree-B',
        `${forward(lower).toUpperCase()}/Src\\a.c`,
        `${forward(lower)}/Inc`,
        lower.toUpperCase(),
      );
      const counted = await clcache.statistics();
      assert.deepEqual([counted('CacheMisses'), counted('CacheHits')], [1, 2]);
    });
  }

  test(`${name}: preprocessing and linking reach the compiler, with streams and status unchanged`, async (t) => {
    const { clcache, direct, write } = setUp(t);
    write('a.c', '#include "value.h"\nint x = VALUE;\n');
    write('value.h', '#define VALUE 1\n');
    for (const args of [
      ['/nologo', '/E', 'a.c'],
      ['/nologo', '/EP', 'a.c'],
      ['/nologo', '/c', 'missing.c'],
      ['/nologo', '/c'],
    ]) {
      assert.deepEqual(seen(await clcache.compile(args)), seen(await direct(args)), args.join(' '));
    }
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CallsForPreprocessing'), counted('CallsWithoutSourceFile')], [2, 1]);
  });

  test(`${name}: CL and _CL_ are part of the line`, async (t) => {
    const { clcache, write, at } = setUp(t);
    write('a.c', 'char text[] = TEXT;\n');
    for (const [text, hits] of [
      ['one', 0],
      ['two', 0],
      ['one', 1],
    ] as const) {
      const env = { CL: `/DTEXT#\\"${text}\\"`, _CL_: '/nologo' };
      const result = await clcache.compile(['/c', 'a.c'], { env });
      assert.equal(result.status, 0, String(result.stdout) + String(result.stderr));
      assert.ok(readFileSync(at('a.obj')).includes(text));
      assert.equal((await clcache.statistics())('CacheHits'), hits);
    }
  });
}
