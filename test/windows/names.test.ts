/**
 * Compiles whose files have names that Windows reads in its own way. Under Wine the compiler is a Linux program: its
 * notes repeat the line's spelling of a folder, but `__FILE__` is a Linux path. What depends on that (base directories
 * in other capitals, objects that hold a share's name) is tested on the functions, in `test/cache`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { before, type TestContext, test } from 'node:test';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, PRODUCT_NAMES, product } from './harness/product.ts';
import { type RunOptions, type RunResult, runWindows, toWindowsPath } from './harness/run.ts';
import { SPELLINGS, type Spelling, shortNames, spellingsOf } from './harness/spellings.ts';
import { workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

const BESIDE_AND_FOUND = `#include "beside.h"
#include <found.h>
#pragma message("a message")
const char text[] = BESIDE FOUND;
`;
const NAMES_ITSELF = `${BESIDE_AND_FOUND}const char *const file = __FILE__;\n`;
const macro = (name: string, value: string) => `#define ${name} "${value}"\n`;

for (const name of PRODUCT_NAMES) {
  const setUp = (t: TestContext) => {
    const w = workspace(t);
    mkdirSync(w.at('elsewhere'));
    const cwd = w.at('elsewhere');
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd });

    const hits = async () => (await clcache.statistics())('CacheHits');

    /** Compiles without and with clcache, and expects the same output and the same objects (paths of the host). */
    const compileAlike = async (
      args: readonly string[],
      objects: readonly string[],
      options?: RunOptions,
    ) => {
      // Without the time of day in the objects.
      const all = ['/nologo', '/c', '/Brepro', '/showIncludes', ...args];
      const take = ({ status, stdout, stderr }: RunResult) => {
        assert.equal(status, 0, String(stdout) + String(stderr));
        const contents = objects.map((object) => readFileSync(object, 'latin1'));
        for (const object of objects) rmSync(object);
        return { stdout: String(stdout), stderr: String(stderr), contents };
      };
      const expected = take(await runWindows(machine.compiler, all, { cwd, ...options }));
      const throughCache = async () => assert.deepEqual(take(await clcache.compile(all, options)), expected);
      await throughCache();
      return throughCache;
    };

    /** The same, and all of it must be misses. Returns a call that does it once more, for which all must be hits. */
    const missAlike = async (args: readonly string[], ...objects: readonly string[]) => {
      const before = await hits();
      const again = await compileAlike(args, objects);
      assert.equal((await hits()) - before, 0);
      return async () => {
        await again();
        assert.equal((await hits()) - before, objects.length);
      };
    };

    const missThenHit = async (args: readonly string[], ...objects: readonly string[]) => {
      const again = await missAlike(args, ...objects);
      await again();
    };

    return { w, clcache, compileAlike, missAlike, missThenHit, hits };
  };

  // Node.js starts slowly under Wine: there, one line has a source of each kind of name.
  const lines = name === PRODUCT_NAMES[0] ? SPELLINGS.map((spelling) => [spelling]) : [SPELLINGS];
  for (const spellings of lines) {
    const title = `named by its ${spellings.join(', ')}`;
    test(`${name}: source, headers and object in a folder that is ${title} are cached`, async (t) => {
      const { w, missAlike, missThenHit } = setUp(t);
      const rootOf = spellingsOf(t, machine, w);
      const trees = spellings.map((_, n) => `tree ${n}`);
      const folders = await Promise.all(
        spellings.map(async (spelling, n) => `${await rootOf(spelling)}\\${trees[n]}`),
      );
      for (const [n, tree] of trees.entries()) {
        w.write(`${tree}/source ${n}.c`, NAMES_ITSELF.replace('found.h', `found${n}.h`));
        for (const folder of ['earlier', 'object folder']) mkdirSync(w.at(tree, folder), { recursive: true });
      }
      const change = (header: string, name: string, value: string) => {
        for (const [n, tree] of trees.entries())
          w.write(`${tree}/${header.replace('found', `found${n}`)}`, macro(name, value));
      };
      const args = [
        ...folders.flatMap((folder) => [`/I${folder}\\earlier`, `/I${folder}\\include folder`]),
        ...folders.map((folder, n) => `${folder}\\source ${n}.c`),
        `/Fo${folders.at(-1)}\\object folder\\`,
      ];
      const objects = trees.map((_, n) => w.at(trees.at(-1) ?? '', `object folder/source ${n}.obj`));

      change('beside.h', 'BESIDE', 'one');
      change('include folder/found.h', 'FOUND', 'two');
      await missThenHit(args, ...objects);
      change('include folder/found.h', 'FOUND', 'another two');
      await missAlike(args, ...objects);
      // How a header is searched for is the same code in both products.
      if (name !== PRODUCT_NAMES[0]) return;
      change('beside.h', 'BESIDE', 'another one');
      await missAlike(args, ...objects);
      change('earlier/found.h', 'FOUND', 'found earlier');
      await missThenHit(args, ...objects);
    });
  }

  test(`${name}: 8.3 names of source, header and object are cached`, async (t) => {
    const { w, missAlike } = setUp(t);
    const source = w.write('long name of a source.c', '#include "long name of a header.h"\nint a = A;\n');
    const header = w.write('long name of a header.h', '#define A 1\n');
    const object = w.write('long name of an object.obj', '');
    const [shortSource, shortHeader, shortObject] = await shortNames(w, [source, header, object]);
    const args = [`/FI${shortHeader}`, `${shortSource}`, `/Fo${shortObject}`];
    const again = await missAlike(args, object);
    w.write('long name of an object.obj', '');
    await again();
    w.write('long name of a header.h', '#define A 2\n');
    await missAlike(args, object);
  });

  if (name === PRODUCT_NAMES[0]) {
    // How headers are followed is the same code in both products, and Node.js starts slowly.
    test(`${name}: one header under all names of its folder is cached`, async (t) => {
      const { w, missAlike, missThenHit } = setUp(t);
      const roots = await Promise.all(SPELLINGS.map(spellingsOf(t, machine, w)));
      const names = roots.map((root) => `${root}\\include folder`);
      const args = names.flatMap((folder) => [`/I${folder}`, `/FI${folder}\\once.h`]);
      args.push(toWindowsPath(w.at('a.c')));
      const object = w.at('elsewhere/a.obj');
      w.write('a.c', 'int b;\n');
      w.write('include folder/once.h', '#pragma once\n#include <again.h>\nint a = A;\n');
      w.write('include folder/again.h', '#undef A\n#define A 1\n');
      await missThenHit(args, object);
      w.write('include folder/again.h', '#undef A\n#define A 2\n');
      await missAlike(args, object);
    });

    test(`${name}: names outside every ANSI code page are cached`, async (t) => {
      const { w, missAlike, missThenHit } = setUp(t);
      w.write('größe 日本語 🎉/ř ж.c', '#include "ß Ω.h"\n#include <中.h>\nint a = A + B;\n');
      w.write('größe 日本語 🎉/ß Ω.h', '#define A 1\n');
      w.write('включить/中.h', '#define B 1\n');
      mkdirSync(w.at('出力'));
      const [folder, include, output] = ['größe 日本語 🎉', 'включить', '出力'].map((one) =>
        toWindowsPath(w.at(one)),
      );
      const args = [`/I${include}`, `/Fo${output}\\`, `${folder}\\ř ж.c`];
      const object = w.at('出力/ř ж.obj');
      await missThenHit(args, object);
      w.write('включить/中.h', '#define B 2\n');
      await missAlike(args, object);
    });

    test(`${name}: names in other capitals than on the disk are cached`, async (t) => {
      const { w, missAlike, missThenHit } = setUp(t);
      w.write('Source Folder/Größe.c', '#include "VALUE.H"\nint a = A;\n');
      w.write('Include Folder/VALUE.H', '#define A 1\n');
      const object = w.at('elsewhere/Größe.obj');
      const args = (source: string, include: string) => [
        toWindowsPath(w.at(source, 'Größe.c')),
        `/I${toWindowsPath(w.at(include))}`,
      ];
      await missThenHit(args('SOURCE FOLDER', 'include folder'), object);
      w.write('Include Folder/VALUE.H', '#define A 2\n');
      await missAlike(args('SOURCE FOLDER', 'include folder'), object);
      await missAlike(args('source folder', 'INCLUDE FOLDER'), object);
    });

    test(`${name}: names that begin like options are cached after --`, async (t) => {
      const { w, missThenHit } = setUp(t);
      w.write('elsewhere/-a.c', '#include "-value.h"\nint a = A;\n');
      w.write('elsewhere/-value.h', '#define A 1\n');
      const object = w.at('elsewhere/-a.obj');
      for (const source of ['.\\-a.c', toWindowsPath(w.at('elsewhere/-a.c'))]) {
        w.write('elsewhere/-value.h', `#define A ${source.length}\n`);
        await missThenHit(['--', source], object);
      }
    });
  } else {
    test(`${name}: names outside every ANSI code page, in other capitals, and like options are cached`, async (t) => {
      const { w, missAlike, missThenHit } = setUp(t);
      const headers = { 'включить/中.h': 'A', 'Include Folder/VALUE.H': 'B', 'elsewhere/-value.h': 'C' };
      for (const [header, macroOf] of Object.entries(headers)) w.write(header, `#define ${macroOf} 1\n`);
      w.write('größe 日本語 🎉/ř ж.c', '#include <中.h>\nint a = A;\n');
      w.write('Source Folder/Größe.c', '#include "VALUE.H"\nint b = B;\n');
      w.write('elsewhere/-a.c', '#include "-value.h"\nint c = C;\n');
      mkdirSync(w.at('出力'));
      const [include, values, output, odd, capitals] = [
        'включить',
        'include folder',
        '出力',
        'größe 日本語 🎉/ř ж.c',
        'SOURCE FOLDER/Größe.c',
      ].map((one) => toWindowsPath(w.at(one)));
      const args = [
        `/I${include}`,
        `/I${values}`,
        `/Fo${output}\\`,
        `${odd}`,
        `${capitals}`,
        '--',
        '.\\-a.c',
      ];
      const objects = ['ř ж', 'Größe', '-a'].map((source) => w.at(`出力/${source}.obj`));
      await missThenHit(args, ...objects);
      for (const [header, macroOf] of Object.entries(headers)) w.write(header, `#define ${macroOf} 2\n`);
      await missAlike(args, ...objects);
    });
  }

  test(`${name}: one cache folder works under each of its names, with a verbatim name of the compiler`, async (t) => {
    const { w, clcache, hits } = setUp(t);
    w.write('a.c', 'int a = A;\n');
    const rootOf = spellingsOf(t, machine, w);
    const compiler = `\\\\?\\${toWindowsPath(machine.compiler)}`;
    const names = ['share', 'verbatim drive', 'verbatim share', '8.3'] as const;
    const compile = async (spelling: Spelling, value: number, expectedHits: number) => {
      const env = { CLCACHE_DIR: `${await rootOf(spelling)}\\cache` };
      const args = [compiler, '/nologo', '/c', `/DA=${value}`, `${await rootOf('drive')}\\a.c`];
      const { status, stderr } = await clcache.run(args, { env });
      assert.deepEqual([status, String(stderr)], [0, ''], spelling);
      assert.equal(await hits(), expectedHits, spelling);
    };
    for (const [n, spelling] of names.entries()) {
      await compile(spelling, n, n);
      await compile(names[(n + 1) % names.length] ?? spelling, n, n + 1);
    }
  });

  const PAIRS: readonly [base: Spelling, path: Spelling, mayShare: boolean][] = [
    ['share', 'share', true],
    ['verbatim drive', 'verbatim drive', true],
    ['8.3', '8.3', false],
    ['drive', 'verbatim share', false],
    ['drive', '8.3', false],
    ['share', 'drive', false],
    ['verbatim drive', 'drive', false],
  ];
  // Both products are the same code; seven pairs twice would take a minute.
  for (const [base, path, mayShare] of name === PRODUCT_NAMES[0] ? PAIRS : []) {
    test(`${name}: CLCACHE_BASEDIR as a ${base} and a line with a ${path} never give one tree the object of another`, async (t) => {
      const { w, compileAlike, hits } = setUp(t);
      for (const tree of ['first tree', 'second tree']) {
        w.write(`${tree}/plain.c`, BESIDE_AND_FOUND);
        w.write(`${tree}/itself.c`, NAMES_ITSELF);
        w.write(`${tree}/beside.h`, macro('BESIDE', 'one'));
        w.write(`${tree}/include/found.h`, macro('FOUND', 'two'));
      }
      const rootOf = spellingsOf(t, machine, w);
      const objects = ['plain.obj', 'itself.obj'].map((object) => w.at('elsewhere', object));
      for (const tree of ['first tree', 'second tree'] as const) {
        const [short = ''] = [base, path].includes('8.3') ? await shortNames(w, [w.at(tree)]) : [];
        const named = async (spelling: Spelling) =>
          spelling === '8.3' ? short : `${await rootOf(spelling)}\\${tree}`;
        const folder = await named(path);
        const args = [`/I${folder}\\include`, `${folder}\\plain.c`, `${folder}\\itself.c`];
        await compileAlike(args, objects, { env: { CLCACHE_BASEDIR: await named(base) } });
      }
      assert.equal(await hits(), mayShare ? 1 : 0);
    });
  }
}
