/** What `clcache -s` says after real calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workspace } from './workspace.ts';

test('-s says what hits saved, which options are not cached, and since when it counts', async (t) => {
  const space = workspace(t);
  space.write('one.c', 'int one;\n');
  const shown = async (...options: readonly string[]) => {
    const { stdout } = await space.own(['-s', '--json', ...options]);
    return JSON.parse(stdout.toString());
  };
  const before = Date.now();
  await space.clcache(['/c', 'one.c']);
  const { CompileTimeMs: compileMs, TimeSavedMs: none } = await shown();
  assert.ok(compileMs > 0 && none === 0, `${compileMs} ms`);
  await space.clcache(['/c', 'one.c']);
  await space.clcache(['/c', 'one.c']);
  await space.clcache(['/c', 'one.c', '/Zi', '/Fd:secret.pdb', '-fsyntax-only']);
  const all = await shown();
  assert.deepEqual([all.HitRate, all.TimeSavedMs, all.CompileTimeMs], [2 / 3, 2 * compileMs, compileMs]);
  assert.equal(Object.keys(all.RefusedOptions).length, 1);
  assert.ok(Date.parse(all.Since) >= before - 1000 && Date.parse(all.Since) <= Date.now());
  assert.deepEqual([all.Builds.length, all.Builds[0].CacheHits], [1, 2]);
  const last = await shown('--since-last-build');
  assert.deepEqual([last.CacheHits, last.TimeSavedMs, last.CacheSize], [2, 2 * compileMs, all.CacheSize]);
  const text = (await space.own(['-s'])).stdout.toString();
  assert.match(text, /\n {4}hit rate +: 66\.7 % of 3\n/);
  assert.ok(
    text
      .split('\n')
      .slice(2)
      .every(({ length }) => length <= 80),
    text,
  );
  await space.own(['-z']);
  const reset = await shown();
  assert.deepEqual([reset.HitRate, reset.TimeSavedMs, reset.RefusedOptions, reset.Builds], [null, 0, {}, []]);
  assert.ok(Date.parse(reset.Since) > Date.parse(all.Since));
});
