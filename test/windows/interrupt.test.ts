import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { type Machine, ON_WINE, prepareMachine } from './harness/prefix.ts';
import { clcacheOf, PRODUCT_NAMES, product } from './harness/product.ts';
import { runThroughPipes, toWindowsPath } from './harness/run.ts';
import { workspace } from './harness/workspace.ts';

let machine: Machine;
before(async () => {
  machine = await prepareMachine();
});

for (const name of PRODUCT_NAMES) {
  test(`${name}: Ctrl+C while the compiler runs ends clcache, and leaves nothing harmful`, async (t) => {
    const w = workspace(t);
    w.write('a.c', 'int f(void) { return 1; }\n');
    mkdirSync(w.at('temporary'));
    const env = {
      SCRIPTED_CL_REAL: toWindowsPath(machine.compiler),
      SCRIPTED_CL_WHEN: 'a.c',
      SCRIPTED_CL_STARTED: toWindowsPath(w.at('started')),
      SCRIPTED_CL_GATE: toWindowsPath(w.at('gate')),
      TEMP: toWindowsPath(w.at('temporary')),
      TMP: toWindowsPath(w.at('temporary')),
    };
    const clcache = clcacheOf(machine, product(machine, name), w.at('cache'), { cwd: w.root, env });
    const compile = [toWindowsPath(machine.scriptedCompiler), '/nologo', '/c'];
    w.write('first.c', '');
    assert.equal((await clcache.run([...compile, 'first.c'])).status, 0);
    const args = [...compile, 'a.c'];
    const interrupted = await runThroughPipes(clcache.call(args), { mode: 'ctrl-c', when: w.at('started') });
    assert.ok(interrupted.milliseconds < 60_000, `it took ${interrupted.milliseconds} ms`);
    // Wine answers Ctrl+C with status 0, so that a compiler that it ended seems to have succeeded.
    if (!ON_WINE) assert.notEqual(interrupted.status, 0);
    assert.doesNotMatch(
      String(interrupted.stdout) + String(interrupted.stderr),
      /panic|at .*\.ts|at .*\.cjs/,
    );
    assert.ok(!existsSync(w.at('a.obj')));
    assert.deepEqual(readdirSync(w.at('temporary')), []);
    const folder = { recursive: true, encoding: 'utf8' } as const;
    const left = existsSync(w.at('cache')) ? readdirSync(w.at('cache'), folder) : [];
    assert.deepEqual(
      left.filter((file) => /\.tmp$|\.lock$|\.json\.\d+$/.test(file)),
      [],
    );

    w.write('gate', '');
    for (const expected of ['a miss', 'a hit']) {
      const next = await clcache.run(args);
      assert.equal(next.status, 0, `${expected}: ${next.stderr}`);
      assert.ok(existsSync(w.at('a.obj')));
    }
    const counted = await clcache.statistics();
    assert.deepEqual([counted('CacheHits'), counted('CacheEntries')], [1, 2]);
  });
}
