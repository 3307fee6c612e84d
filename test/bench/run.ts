/**
 * `npm run bench`: measures clcache beside ccache, sccache and the bare compiler, all in one run and by turns.
 * Options: --all (also what takes minutes and gigabytes), --only NAME,NAME (repeatable), --executable PATH (instead of
 * building one), --list. Writes dist/bench.json and dist/bench.svg.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { optionsOf, wrongUse } from '../helpers/options.ts';
import type { Measured, Scenario } from './bench.ts';
import { chart } from './chart.ts';
import { entries } from './scenarios/entries.ts';
import { growth } from './scenarios/growth.ts';
import { hit } from './scenarios/hit.ts';
import { largeManifest } from './scenarios/large-manifest.ts';
import { largeObject } from './scenarios/large-object.ts';
import { locks } from './scenarios/locks.ts';
import { manySourcesFewHeaders, manySourcesManyHeaders } from './scenarios/many-sources.ts';
import { miss } from './scenarios/miss.ts';
import { remote } from './scenarios/remote.ts';
import { size } from './scenarios/size.ts';
import { start } from './scenarios/start.ts';
import { throughput } from './scenarios/throughput.ts';
import { wide } from './scenarios/wide.ts';
import { holds, table } from './table.ts';
import { findTools, inProject, type Tools, versionsOf } from './tools.ts';

const SCENARIOS: readonly Scenario[] = [
  size,
  start,
  hit,
  miss,
  manySourcesFewHeaders,
  manySourcesManyHeaders,
  throughput,
  wide,
  locks,
  largeManifest,
  largeObject,
  growth,
  entries,
  remote,
];

const options = optionsOf({
  all: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] },
  executable: { type: 'string' },
  list: { type: 'boolean', default: false },
});

await main();

async function main(): Promise<void> {
  if (options.list) {
    for (const { name, isSlow } of SCENARIOS) console.log(isSlow ? `${name} (with --all)` : name);
    return;
  }
  const only = options.only.flatMap((names) => names.split(','));
  const unknown = only.filter((wanted) => !SCENARIOS.some(({ name }) => name === wanted));
  if (unknown.length > 0) wrongUse(`no such scenario: ${unknown.join(', ')}; --list names them`);
  const chosen = SCENARIOS.filter(({ name, isSlow }) =>
    only.length > 0 ? only.includes(name) : options.all || !isSlow,
  );
  const tools = await findTools(options.executable && resolve(options.executable));
  for (const name of ['ccache', 'sccache', 'ninja'] as const) {
    if (tools[name] === undefined) console.log(`${name} is not installed: left out`);
  }
  const results: { name: string; measured: Measured[] }[] = [];
  for (const scenario of chosen) results.push(await measure(scenario, tools));
  report(results, tools);
}

async function measure(scenario: Scenario, tools: Tools): Promise<{ name: string; measured: Measured[] }> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'clcache-bench-')));
  const progress = progressOf(scenario.name);
  try {
    return {
      name: scenario.name,
      measured: await scenario.run({ tools, directory, progress: progress.tell }),
    };
  } finally {
    progress.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** On a terminal one line that changes; elsewhere a line for each scenario. */
function progressOf(name: string): { tell: (text: string) => void; end: () => void } {
  if (!process.stderr.isTTY) {
    process.stderr.write(`measuring ${name}\n`);
    return { tell: () => {}, end: () => {} };
  }
  const write = (text: string) =>
    process.stderr.write(`\r\u001b[K${text.slice(0, process.stderr.columns - 1)}`);
  write(name);
  return { tell: write, end: () => write('') };
}

function report(results: readonly { name: string; measured: Measured[] }[], tools: Tools): void {
  const all = results.flatMap(({ measured }) => measured);
  const colour = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  const versions = versionsOf(tools);
  const machine = { platform: `${process.platform} ${process.arch}`, processors: cpus().length };
  process.stdout.write(`\n${table(all, { colour })}\n`);
  mkdirSync(inProject('dist'), { recursive: true });
  const claims = all.flatMap((each) => each.claims.map((claim) => ({ ...claim, holds: holds(claim) })));
  const json = { date: new Date().toISOString(), machine, versions, results, claims };
  writeFileSync(inProject('dist/bench.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  writeFileSync(
    inProject('dist/bench.svg'),
    chart(all, `${machine.platform}, ${machine.processors} processors`),
  );
  console.log('dist/bench.json and dist/bench.svg are written');
}
