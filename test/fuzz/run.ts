/**
 * `npm run fuzz -- [--cases N] [--seed S] [--only KIND] [--jobs J] [--keep] [--all]`: compares clcache with the bare compiler on random
 * calls; `npm run fuzz -- --lexer [--lines N] [--seed S]` the lexer with clang's on every header and on random lines.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, optionsOf, wrongUse } from '../helpers/options.ts';
import { CASE_KINDS, describeFailure, runCase } from './fuzz-case.ts';
import { compareLexers } from './lexer.ts';
import { findPrograms } from './product.ts';

const CASES = 6000;
/** Of so many cases one at least must get a result from another tree, or the cases do not test what they should. */
const CASES_OF_A_HIT = 6;

const values = optionsOf({
  cases: { type: 'string', default: String(CASES) },
  seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000_000)) },
  /** A kind of cases. */
  only: { type: 'string' },
  /** Cases at a time. */
  jobs: { type: 'string', default: '2' },
  /** Leaves the last case's folder. */
  keep: { type: 'boolean', default: false },
  /** Goes on after a failure. */
  all: { type: 'boolean', default: false },
  lexer: { type: 'boolean', default: false },
  lines: { type: 'string', default: '100000' },
});
const first = countOf('seed', values.seed);
const count = countOf('cases', values.cases);
const jobs = countOf('jobs', values.jobs);
const only = CASE_KINDS.find((kind) => kind === values.only);
if (values.only !== undefined && !only)
  wrongUse(`--only takes one of ${CASE_KINDS.join(', ')}: ${values.only}`);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clcache-fuzz-')));
process.exitCode = values.lexer ? await fuzzLexer() : await fuzzCalls();
if (values.keep) console.log(`left in ${folder}`);
else rmSync(folder, { recursive: true, force: true });

async function fuzzLexer(): Promise<number> {
  const totals = await compareLexers(folder, first, countOf('lines', values.lines));
  for (const difference of totals.differences) console.log(difference);
  const { files, tooLarge, tokens, lines, differ } = totals;
  console.log(
    `${files} headers (${tooLarge} more are too large) and ${lines} random lines, ${tokens} tokens: ${differ} files differ`,
  );
  return differ > 0 ? 1 : 0;
}

async function fuzzCalls(): Promise<number> {
  const programs = findPrograms(folder);
  const started = performance.now();
  const totals: Record<string, number> = {};
  const sums = { compiled: 0, crossTreeHits: 0, failures: 0, ran: 0 };
  let next = first;
  const work = async (job: number): Promise<void> => {
    const place = join(folder, `case${job}`);
    while (next < first + count && (sums.failures === 0 || values.all)) {
      const seed = next++;
      const { failure, compiled, crossTreeHits, statistics } = await runCase({ seed, only }, place, programs);
      sums.ran++;
      if (compiled) sums.compiled++;
      sums.crossTreeHits += crossTreeHits;
      for (const [name, value] of Object.entries(statistics)) totals[name] = (totals[name] ?? 0) + value;
      if (failure) {
        sums.failures++;
        console.log(await describeFailure({ seed, only }, failure, { folder: place, programs }));
      }
      if (sums.ran % 100 === 0) {
        console.log(`${sums.ran} cases, ${sums.crossTreeHits} hits across trees, ${sums.failures} differ`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
  const seconds = (performance.now() - started) / 1000;
  const counted = Object.entries(totals).filter(([name, value]) => value > 0 && !/Size|Entries/.test(name));
  console.log(
    `${sums.ran} cases from seed ${first}, ${sums.compiled} of which compile, ${sums.crossTreeHits} hits across trees: ` +
      `${sums.failures} differ; ${seconds.toFixed(0)} s, ${((1000 * seconds) / Math.max(1, sums.ran)).toFixed(0)} ms a case`,
  );
  console.log(counted.map(([name, value]) => `${name} ${value}`).join(', '));
  const isTooFew = !only && sums.ran >= CASES && sums.crossTreeHits < sums.ran / CASES_OF_A_HIT;
  if (isTooFew) console.log(`too few hits across trees for ${sums.ran} cases`);
  return sums.failures > 0 || isTooFew ? 1 : 0;
}
