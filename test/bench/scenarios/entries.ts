/** Growth: caches with 100,000 and with 300,000 entries against one with 10. */
import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Bench,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  rowsOf,
  type Scenario,
  warm,
} from '../bench.ts';
import { type Contestant, clcache, plainEnvironment, through } from '../contestants.ts';
import { type Command, type Contender, median, ratio, runOnce } from '../measure.ts';
import { countHeaders, fewHeaderText, manyHeaderText, writeSources } from '../sources.ts';

export const entries: Scenario = { name: 'entries', isSlow: true, run };

const FEW = 10;
const MANY = 100_000;
const MOST = 300_000;
/** File systems allow some ten thousand links to a file. */
const LINKS = 20_000;

function run(bench: Bench): Measured[] {
  const { directory, tools } = bench;
  const small = clcache(tools, `${directory}/few-entries`);
  const large = clcache(tools, `${directory}/many-entries`);
  const largest = clcache(tools, `${directory}/most-entries`);
  const [source = ''] = writeSources(directory, 'src', { count: 1, suffix: 'cpp', text: manyHeaderText });
  const [template = ''] = writeSources(directory, 'template', {
    count: 1,
    suffix: 'cpp',
    // An object of a usual size. With small objects most of the cache would be manifests, and a cleaning would remove
    // only those.
    text: (seed) => `${fewHeaderText(seed)}char data_${seed}[65536] = {1};\n`,
  });
  const bare = compile(bench, [source], 'obj/one.obj');
  const headers = countHeaders(bare);
  letSourcesSettle();
  for (const [contestant, count] of [
    [small, FEW],
    [large, MANY],
    [largest, MOST],
  ] as const) {
    runOnce(through(contestant, compile(bench, [template], 'obj/template.obj')));
    multiply(join(contestant.environment['CLCACHE_DIR'] ?? ''), count - 1, (done) =>
      bench.progress(`making ${count} entries: ${done}`),
    );
    warm(contestant, bare);
  }
  const title = `Growth: a hit with ${headers} headers, and -s`;
  const own = (contestant: Contestant, ...words: string[]) => ({
    words: [...contestant.launcher, ...words],
    directory,
    environment: { ...plainEnvironment(), ...contestant.environment },
  });
  const series = race(bench, title, 11, [
    { name: `hit with ${FEW} entries`, contestant: small, command: through(small, bare), runs: 8 },
    { name: `hit with ${MANY} entries`, contestant: large, command: through(large, bare), runs: 8 },
    { name: `hit with ${MOST} entries`, contestant: largest, command: through(largest, bare), runs: 8 },
    { name: `-s with ${MANY} entries`, command: own(large, '-s'), runs: 2 },
    { name: `-s with ${MOST} entries`, command: own(largest, '-s'), runs: 2 },
  ]);
  const [few, many, most, statistics, mostStatistics] = series;
  const claims = [
    ...[
      { count: MANY, hits: many, shown: statistics },
      { count: MOST, hits: most, shown: mostStatistics },
    ].flatMap(({ count, hits, shown }) => [
      {
        text: `a hit with ${count} entries against ${FEW}`,
        value: few && hits ? ratio(hits, few) : Number.NaN,
        limit: 1.2,
        unit: '×',
      },
      { text: `-s with ${count} entries`, value: median(shown?.samples ?? []), limit: 100, unit: 'ms' },
    ]),
  ];
  const reference = `hit with ${FEW} entries`;
  const cleanings = [
    cleaning(bench, { large, count: MANY, own }),
    cleaning(bench, { large: largest, count: MOST, own }),
  ] as const;
  return [
    { title, unit: 'ms', reference, rows: rowsOf(series, reference), claims, notes: [] },
    ...cleanings.flatMap(({ measured }) => measured),
    growthOf(...cleanings),
  ];
}

/** Three times as many entries may take half as long again each: the names of some sections no longer fit in one block. */
const GROWTH_LIMIT = 1.5;

function growthOf(many: Cleaning, most: Cleaning): Measured {
  const times = ([of, other]: readonly [number, number]) => of / other;
  const steps = [
    ['-c that finds nothing', times([most.looked, many.looked])],
    ['-c that removes', times([most.removing, many.removing])],
    ['-C', times([most.emptied, many.emptied])],
  ] as const;
  return {
    title: `Cleaning: an entry of ${MOST} against one of ${MANY}`,
    unit: '×',
    rows: steps.map(([name, value]) => ({ name, value })),
    claims: steps.map(([name, value]) => ({
      text: `${name}, an entry of ${MOST} against one of ${MANY}`,
      value,
      limit: GROWTH_LIMIT,
      unit: '×',
    })),
    notes: [],
  };
}

/** What was measured of a cleaning, and the microseconds for an entry in each of its steps. */
interface Cleaning {
  readonly measured: Measured[];
  readonly looked: number;
  readonly removing: number;
  readonly emptied: number;
}

/** First a cleaning with nothing to do, then one that removes a quarter of the cache, then one that removes the rest. */
function cleaning(
  bench: Bench,
  {
    large,
    count,
    own,
  }: {
    large: Contestant;
    count: number;
    own: (contestant: Contestant, ...words: string[]) => Command;
  },
): Cleaning {
  const entriesNow = () => Number(JSON.parse(runOnce(own(large, '-s', '--json')).stdout).CacheEntries);
  const sizeNow = () => Number(JSON.parse(runOnce(own(large, '-s', '--json')).stdout).CacheSize);
  const clean = (text: string, rounds = 1) => {
    bench.progress(`cleaning ${text}`);
    const [series] = race(bench, text, rounds, [{ name: text, command: own(large, '-c') }]);
    return Math.min(...(series?.samples ?? []));
  };
  runOnce(own(large, '-M', String(2 ** 40)));
  // The first one may read the folders from the disk.
  const looked = clean(`${count} entries that may all stay`, 2);
  const found = entriesNow();
  runOnce(own(large, '-M', String(Math.round(sizeNow() / 1.2))));
  const removing = clean('a quarter of them removed');
  const removed = found - entriesNow();
  const each = (milliseconds: number, count: number) => (milliseconds * 1000) / count;
  const rows = [
    { name: `-c that finds nothing to remove, each of ${found}`, value: each(looked, found) },
    { name: `-c that removes ${removed}, each of ${found}`, value: each(removing, found) },
    { name: `-c that removes ${removed}, each of these`, value: each(removing - looked, removed) },
  ];
  const claims = [
    { text: 'clean, an entry looked at', value: each(looked, found), limit: 60, unit: 'µs' },
    {
      text: 'clean with removal, an entry in the cache',
      value: each(removing, found),
      limit: 60,
      unit: 'µs',
    },
  ];
  const left = entriesNow();
  const clear = { name: `-C of ${left} entries`, command: own(large, '-C') };
  bench.progress('removing the rest');
  const series = race(bench, '-C', 1, count === MANY ? [clear, ...plainRemoval(bench, large)] : [clear]);
  const emptied = series[0]?.samples[0] ?? Number.NaN;
  const seconds = (each(emptied, left) * MANY) / 1e6;
  const claim = { text: `-C of ${MANY} entries`, value: seconds, limit: 10, unit: 's' };
  const title = `Cleaning ${count} entries`;
  const notes = ['an entry comes with a manifest of its own'];
  const measured = [
    { title, unit: 'µs', rows, claims, notes },
    {
      title: `Emptying a cache of ${count} entries`,
      unit: 'ms',
      rows: series.map(({ name, samples }) => ({ name, value: median(samples) })),
      notes,
      // A larger cache is compared with this one (`growthOf`).
      claims: count === MANY ? [claim] : [],
    },
  ];
  return {
    measured,
    looked: each(looked, found),
    removing: each(removing, found),
    emptied: each(emptied, left),
  };
}

/** `rm -rf` of the same cache, where that is a program. Of the largest one it would take minutes. */
function plainRemoval({ directory }: Bench, { environment }: Contestant): Contender[] {
  if (process.platform === 'win32') return [];
  const cache = environment['CLCACHE_DIR'] ?? '';
  const plainly = (...words: string[]) => ({ words, directory, environment: plainEnvironment() });
  runOnce(plainly('cp', '-Rl', cache, `${cache}-copy`));
  return [{ name: 'rm -rf of the same', command: plainly('rm', '-rf', `${cache}-copy`) }];
}

/** Copies the one entry and its manifest under other keys, as hard links: 100,000 of them take seconds. */
function multiply(cache: string, count: number, tell: (done: number) => void): void {
  const version = readdirSync(cache).find((name) => /^v\d+$/.test(name)) ?? '';
  const objects = join(cache, version, 'objects');
  const manifests = join(cache, version, 'manifests');
  const entry = onlyEntry(objects);
  const manifest = onlyEntry(manifests);
  const files = readdirSync(entry);
  let sources: string[] = [];
  let manifestSource = '';
  for (let index = 0; index < count; index++) {
    if (index % LINKS === 0) {
      tell(index);
      const copy = join(cache, `../${basename(cache)}-${index}`);
      cpSync(entry, copy, { recursive: true });
      manifestSource = join(copy, 'manifest');
      writeFileSync(manifestSource, readFileSync(manifest));
      sources = files.map((name) => join(copy, name));
    }
    const key = keyOf(index);
    const folder = join(objects, key.slice(0, 2), key);
    mkdirSync(folder, { recursive: true });
    for (const [position, source] of sources.entries()) linkSync(source, join(folder, files[position] ?? ''));
    const section = join(manifests, key.slice(0, 2));
    mkdirSync(section, { recursive: true });
    linkSync(manifestSource, join(section, `${key}.json`));
  }
}

/** Spread evenly over the sections, as digests are. */
function keyOf(index: number): string {
  const section = ((index * 157) % 256).toString(16).padStart(2, '0');
  return `${section}${index.toString(16).padStart(38, '0')}`;
}

function onlyEntry(folder: string): string {
  const [section = ''] = readdirSync(folder);
  const name = readdirSync(join(folder, section)).find((each) => /^[0-9a-f]{40}(?:\.json)?$/.test(each));
  if (name === undefined) throw new Error(`no entry in ${folder}`);
  return join(folder, section, name);
}
