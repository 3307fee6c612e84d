/** Large projects: many headers in many folders, each searched in all folders before its own. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import {
  type Bench,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  rowsOf,
  type Scenario,
  seriesNamed,
  warm,
} from '../bench.ts';
import { type Contestant, clcache, others, through } from '../contestants.ts';
import { type Command, difference, median, ratio, runOnce, type Series } from '../measure.ts';

export const wide: Scenario = { name: 'wide', run };

interface Size {
  readonly headers: number;
  readonly folders: number;
}
const SMALL: Size = { headers: 150, folders: 5 };
const WIDE: Size = { headers: 2000, folders: 200 };
const HUGE: Size = { headers: 10_000, folders: 400 };
/** How often the header that all entries differ in was changed. */
const VERSIONS = 100;
const ROUNDS = 11;
const ALONE = 'the compiler alone';

async function run(bench: Bench): Promise<Measured[]> {
  const contestants = [
    clcache(bench.tools, `${bench.directory}/clcache`),
    ...(await others(bench.tools, bench.directory)),
  ];
  try {
    const small = writeProject(bench, 'small', SMALL);
    const large = writeProject(bench, 'wide', WIDE);
    letSourcesSettle();
    const hits = [measureHits(bench, contestants, small), measureHits(bench, contestants, large)] as const;
    const misses = measureMisses(bench, large);
    return [
      ...hits.map(({ measured }) => measured),
      misses,
      measureEntries(bench, large),
      measureHuge(bench),
      compared(bench, hits),
    ];
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

interface Project extends Size {
  readonly name: string;
  readonly bare: Command;
}

/** Headers in turns over the folders, every tenth of which includes the next one. */
function writeProject(bench: Bench, name: string, { headers, folders }: Size): Project {
  const inFolders = Array.from({ length: folders }, (_, folder) => `${name}/inc/f${folder}`);
  for (const folder of inFolders) mkdirSync(`${bench.directory}/${folder}`, { recursive: true });
  for (let header = 0; header < headers; header++) {
    const next = header % 10 === 0 && header + 1 < headers ? `#include "h${header + 1}.h"\n` : '';
    const text = `#pragma once\nstruct S${header} { int a${header}; };\n${next}`;
    writeFileSync(`${bench.directory}/${inFolders[header % folders]}/h${header}.h`, text);
  }
  writeSource(bench, name, headers, 0);
  const bare = compile(bench, [`${name}/a.cpp`], `${name}/a.obj`);
  const words = [...bare.words, ...inFolders.map((folder) => `-I${folder}`)];
  return { name, headers, folders, bare: { ...bare, words } };
}

function writeSource({ directory }: Bench, name: string, headers: number, generation: number): void {
  const includes = Array.from({ length: headers }, (_, header) => `#include "h${header}.h"\n`);
  writeFileSync(`${directory}/${name}/a.cpp`, `${includes.join('')}int generation = ${generation};\n`);
}

function titleOf({ headers, folders }: Size): string {
  return `${headers} headers in ${folders} folders`;
}

function measureHits(bench: Bench, contestants: readonly Contestant[], project: Project) {
  const title = `A hit, ${titleOf(project)}`;
  for (const contestant of contestants) warm(contestant, project.bare);
  const series = race(bench, title, ROUNDS, [
    { name: ALONE, command: project.bare },
    ...contestants.map((contestant) => ({
      name: contestant.name,
      contestant,
      command: through(contestant, project.bare),
    })),
  ]);
  const measured: Measured = {
    title,
    unit: 'ms',
    reference: ALONE,
    rows: rowsOf(series, ALONE),
    claims: [],
    notes: [],
  };
  return { series, measured };
}

function measureMisses(bench: Bench, project: Project): Measured {
  const title = `A miss, ${titleOf(project)}`;
  const known = clcache(bench.tools, `${bench.directory}/clcache`);
  const fresh = clcache(bench.tools, `${bench.directory}/clcache-empty`);
  let generation = 1;
  const before = () => writeSource(bench, project.name, project.headers, generation++);
  const series = race(bench, title, ROUNDS, [
    { name: ALONE, command: project.bare, before },
    { name: 'clcache', command: through(known, project.bare), before },
    { name: 'clcache, its first call ever', command: through(fresh, project.bare), before: fresh.empty },
  ]);
  const [alone, ...ours] = series;
  const claims = ours.map((each) => ({
    text: `what a miss of ${titleOf(project)} adds (${each.name})`,
    value: alone ? difference(each, alone) / median(alone.samples) : Number.NaN,
    limit: 0.3,
    unit: 'of the compile',
  }));
  return { title, unit: 'ms', reference: ALONE, rows: rowsOf(series, ALONE), claims, notes: [] };
}

/** A header was edited again and again: each version has an entry in the same manifest. */
function measureEntries(bench: Bench, project: Project): Measured {
  const title = `A hit, ${titleOf(project)}, by entries of its manifest`;
  const one = clcache(bench.tools, `${bench.directory}/one-entry`);
  const many = clcache(bench.tools, `${bench.directory}/many-entries`);
  for (let version = 0; version < VERSIONS; version++) {
    bench.progress(`${title}: ${version + 1} of ${VERSIONS}`);
    const header = `${bench.directory}/${project.name}/inc/f7/h7.h`;
    writeFileSync(header, `#pragma once\nstruct S7 { int a7[${version + 1}]; };\n`);
    runOnce(through(many, project.bare));
  }
  letSourcesSettle();
  for (const contestant of [one, many]) warm(contestant, project.bare);
  const names = ['one entry', `${VERSIONS} entries`] as const;
  const series = race(bench, title, ROUNDS, [
    { name: names[0], contestant: one, command: through(one, project.bare) },
    { name: names[1], contestant: many, command: through(many, project.bare) },
  ]);
  const value = ratioOf(series, names[1], names[0]);
  const claims = [{ text: `a hit with ${VERSIONS} entries`, value, limit: 2, unit: 'of one with one' }];
  return { title, unit: 'ms', reference: names[0], rows: rowsOf(series, names[0]), claims, notes: [] };
}

function measureHuge(bench: Bench): Measured {
  const project = writeProject(bench, 'huge', HUGE);
  letSourcesSettle();
  const contestant = clcache(bench.tools, `${bench.directory}/clcache`);
  warm(contestant, project.bare);
  const title = `A hit, ${titleOf(HUGE)}`;
  const series = race(bench, title, 3, [
    { name: ALONE, command: project.bare },
    { name: contestant.name, contestant, command: through(contestant, project.bare) },
  ]);
  return { title, unit: 'ms', reference: ALONE, rows: rowsOf(series, ALONE), claims: [], notes: [] };
}

function compared(
  bench: Bench,
  [small, large]: readonly [{ readonly series: readonly Series[] }, { readonly series: readonly Series[] }],
): Measured {
  const hitOf = ({ series }: typeof small) => median(seriesNamed(series, 'clcache')?.samples ?? []);
  const aloneOf = ({ series }: typeof small) => median(seriesNamed(series, ALONE)?.samples ?? []);
  const bytes = largestManifest(`${bench.directory}/one-entry/v1/manifests`);
  return {
    title: `Growth from ${titleOf(SMALL)} to ${titleOf(WIDE)}`,
    unit: 'kB',
    rows: [{ name: 'manifest and what is remembered of its files', value: bytes / 1000 }],
    claims: [
      { text: 'a wide hit', value: hitOf(large) / aloneOf(large), limit: 0.1, unit: 'of the compile' },
      { text: 'a wide hit', value: hitOf(large) / hitOf(small), limit: 2.5, unit: 'of a small one' },
      { text: 'manifest and memory of a wide source', value: bytes / 1000, limit: 400, unit: 'kB' },
    ],
    notes: [],
  };
}

/** The bytes of the largest manifest and of the file beside it. */
function largestManifest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizes = new Map<string, number>();
  for (const { name, parentPath } of files) {
    const key = name.split('.')[0] ?? '';
    sizes.set(key, (sizes.get(key) ?? 0) + statSync(`${parentPath}/${name}`).size);
  }
  return Math.max(...sizes.values());
}

function ratioOf(series: readonly Series[], name: string, reference: string): number {
  const [one, other] = [seriesNamed(series, name), seriesNamed(series, reference)];
  return one && other ? ratio(one, other) : Number.NaN;
}
