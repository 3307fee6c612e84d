import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { before, type TestContext, test } from 'node:test';
import { type Machine, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, PRODUCT_NAMES, product } from './harness/product.ts';
import { type RunResult, runWindows, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

interface Notes {
  readonly runs: number;
  readonly notes: number;
}

/** Sources of every pace that the compiler knows (see noting-cl.c), with their own headers. */
function write(w: ReturnType<typeof workspace>, { runs, notes }: Notes): string[] {
  return Array.from({ length: runs }, (_, run) => {
    const source = `${'bac'[run % 3]}${run}.c`;
    const names = Array.from({ length: notes }, (_, index) => `${run}-${index}.h`);
    for (const name of names) w.write(name, `${name}\n`);
    w.write(source, names.map((name) => `#include "${name}"\n`).join(''));
    return source;
  });
}

/** The lines of the first that the second does not have. */
function missing(expected: RunResult, actual: RunResult): string[] {
  const lines = new Set(String(actual.stdout).split('\r\n'));
  return String(expected.stdout)
    .split('\r\n')
    .filter((line) => !lines.has(line));
}

for (const name of PRODUCT_NAMES) {
  const setUp = (t: TestContext, size: Notes) => {
    const w = workspace(t);
    const sources = write(w, size);
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd: w.root });
    const compile = (args: readonly string[]) =>
      clcache.run([toWindowsPath(machine.notingCompiler), '/nologo', '/c', ...args]);
    const bare = (args: readonly string[]) =>
      runWindows(machine.notingCompiler, ['/nologo', '/c', ...args], { cwd: w.root });
    return {
      w,
      sources,
      clcache,
      compile,
      bare,
      object: (source: string) => w.at(source.replace('.c', '.obj')),
    };
  };

  test(`${name}: no note of a compiler that writes them one by one is lost, at any pace`, async (t) => {
    const { w, sources, clcache, compile, bare, object } = setUp(t, { runs: 12, notes: 30 });
    const expected = await bare(['/showIncludes', ...sources]);
    assert.equal(String(expected.stdout).split('Note: including file:').length - 1, 360);
    const cold = await compile(['/showIncludes', ...sources]);
    assert.deepEqual(missing(expected, cold), []);
    assert.ok(cold.stdout.equals(expected.stdout));

    // A header whose note was lost would be a stale hit.
    const edited = sources.filter((_, run) => run % 4 === 0);
    for (const [index, source] of edited.entries()) {
      w.write(`${4 * index}-${3 * index}.h`, 'edited\n');
      rmSync(object(source));
    }
    assert.equal((await compile(['/showIncludes', ...sources])).status, 0);
    for (const source of edited) assert.match(readFileSync(object(source), 'latin1'), /^edited$/m, source);
    const counted = await clcache.statistics();
    assert.deepEqual(
      [counted('CacheHits'), counted('CacheMisses'), counted('HeaderChangedMisses'), counted('CacheErrors')],
      [9, 15, 3, 0],
    );
  });

  // Under Wine, Node.js takes seconds to read 1,500 files.
  const many = name === PRODUCT_NAMES[0] ? 1500 : 400;
  test(`${name}: every one of ${many} headers counts for a compiler that writes for long`, async (t) => {
    const { w, sources, clcache, compile, bare, object } = setUp(t, { runs: 1, notes: many });
    const [source = ''] = sources;
    const expected = await bare(['/showIncludes', source]);
    assert.deepEqual(missing(expected, await compile(['/showIncludes', source])), []);
    w.write(`0-${many - 99}.h`, 'edited\n');
    rmSync(object(source));
    assert.deepEqual(missing(expected, await compile(['/showIncludes', source])), []);
    assert.match(readFileSync(object(source), 'latin1'), /^edited$/m);
    assert.equal((await clcache.statistics())('CacheHits'), 0);
  });
}
