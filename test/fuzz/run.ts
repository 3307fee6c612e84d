/**
 * `npm run fuzz -- [--cases N] [--seed S] [--keep] [--all]`: compares clcache with the bare compiler on random calls;
 * `npm run fuzz -- --lexer [--lines N] [--seed S]` the lexer with clang's on every header and on random lines.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, optionsOf } from '../helpers/options.ts';
import { describeFailure, runCase } from './fuzz-case.ts';
import { compareLexers } from './lexer.ts';
import { findPrograms } from './product.ts';

const values = optionsOf({
  cases: { type: 'string', default: '2000' },
  seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000_000)) },
  /** Leaves the last case's folder. */
  keep: { type: 'boolean', default: false },
  /** Goes on after a failure. */
  all: { type: 'boolean', default: false },
  lexer: { type: 'boolean', default: false },
  lines: { type: 'string', default: '100000' },
});
const first = countOf('seed', values.seed);
const count = countOf('cases', values.cases);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clcache-fuzz-')));
if (values.lexer) {
  const totals = await compareLexers(folder, first, countOf('lines', values.lines));
  for (const difference of totals.differences.slice(0, 20)) console.log(difference);
  const { files, tokens, lines, differences } = totals;
  console.log(
    `${files} headers and ${lines} random lines, ${tokens} tokens: ${differences.length} files differ`,
  );
  rmSync(folder, { recursive: true, force: true });
  process.exit(differences.length > 0 ? 1 : 0);
}
const programs = findPrograms(folder);

const started = performance.now();
const totals: Record<string, number> = {};
let compiled = 0;
let failures = 0;
let ran = 0;
for (; ran < count && (failures === 0 || values.all); ran++) {
  const seed = first + ran;
  const result = runCase(seed, join(folder, 'case'), programs);
  if (result.compiled) compiled++;
  for (const [name, value] of Object.entries(result.statistics)) {
    if (typeof value === 'number') totals[name] = (totals[name] ?? 0) + value;
  }
  if ((ran + 1) % 100 === 0) console.log(`${ran + 1} cases, ${failures} differ`);
  if (result.failure) {
    failures++;
    console.log(`${describeFailure(seed, result.failure)}\n`);
  }
}
const seconds = (performance.now() - started) / 1000;
const counted = Object.entries(totals).filter(([name, value]) => value > 0 && !/Size|Entries/.test(name));
console.log(
  `${ran} cases from seed ${first}, ${compiled} of which compile: ${failures} differ; ${seconds.toFixed(0)} s, ` +
    `${((1000 * seconds) / Math.max(1, ran)).toFixed(0)} ms a case`,
);
console.log(counted.map(([name, value]) => `${name} ${value}`).join(', '));
if (values.keep) console.log(`left in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = failures > 0 ? 1 : 0;
