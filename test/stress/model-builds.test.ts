import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../fuzz/random.ts';
import { ModelProject } from '../helpers/model-compiler.ts';
import { RandomBuilds, SETUPS } from './model-builds.ts';

const BUILDS = Number(process.env['CLCACHE_STRESS_BUILDS'] ?? 14);
const SEED = Number(process.env['CLCACHE_STRESS_SEED'] ?? 1);

test('in random builds, mixed of hits and misses, what belongs together is linked together', async (t) => {
  const random = new Random(SEED);
  const project = new ModelProject(t);
  const builds = new RandomBuilds(project, random);
  const names = Object.keys(SETUPS);
  for (let build = 0; build < BUILDS; build += 1) {
    // Each of them at least once.
    const problems = await builds.build(names[build] ?? random.pick(names));
    assert.deepEqual(problems, [], `build ${build} of seed ${SEED}\n${builds.log()}`);
  }
  const { CacheHits = 0, CacheMisses = 0, CacheErrors, LockTimeouts } = project.counters();
  assert.ok(CacheHits > 0 && CacheMisses > 0);
  assert.deepEqual([CacheErrors, LockTimeouts], [0, 0]);
  t.diagnostic(JSON.stringify(project.counters()));
});
