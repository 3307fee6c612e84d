import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeFailure, runCase } from './fuzz-case.ts';
import { findPrograms } from './product.ts';

const CASES = 16;
/** The same cases each time: what is new is looked for by `npm run fuzz`. */
const SEED = 20_261_126;

test(`${CASES} random calls, in one tree and in several, leave what the bare compiler leaves`, async (t) => {
  const folder = temporaryFolder(t);
  const programs = findPrograms(folder);
  let compiled = 0;
  let crossTreeHits = 0;
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const place = join(folder, 'case');
    const result = await runCase({ seed }, place, programs);
    if (result.failure)
      assert.fail(await describeFailure({ seed }, result.failure, { folder: place, programs }));
    if (result.compiled) compiled++;
    crossTreeHits += result.crossTreeHits;
  }
  assert.ok(compiled > CASES / 2, `only ${compiled} of ${CASES} random calls compile`);
  assert.ok(crossTreeHits > CASES / 6, `only ${crossTreeHits} results came from another tree`);
});
