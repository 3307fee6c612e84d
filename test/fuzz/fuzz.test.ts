import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeFailure, runCase } from './fuzz-case.ts';
import { findPrograms } from './product.ts';

const CASES = 100;

test(`${CASES} random calls, cold, warm and after changes, leave what the bare compiler leaves`, (t) => {
  const folder = temporaryFolder(t);
  const programs = findPrograms(folder);
  const first = Number(process.env['CLCACHE_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
  t.diagnostic(`seed ${first}: npm run fuzz -- --cases ${CASES} --seed ${first}`);
  let compiled = 0;
  for (let seed = first; seed < first + CASES; seed++) {
    const result = runCase(seed, join(folder, 'case'), programs);
    if (result.failure) assert.fail(describeFailure(seed, result.failure));
    if (result.compiled) compiled++;
  }
  assert.ok(compiled > CASES / 2, `only ${compiled} of ${CASES} random calls compile`);
});
