/** Hits per second with several processes at once, each going through its own share of the sources. */
import { existsSync, writeFileSync } from 'node:fs';
import {
  type Bench,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  type Scenario,
  seriesNamed,
} from '../bench.ts';
import { type Contestant, clcache, others, plainEnvironment } from '../contestants.ts';
import { median, ratio, runOnce, type Series } from '../measure.ts';
import { compileOptions, countHeaders, manyPlainHeaderText, writeSources } from '../sources.ts';

export const throughput: Scenario = { name: 'throughput', run };

const COUNT = 64;
const AT_ONCE = [1, 2, 4, 16];

async function run(bench: Bench): Promise<Measured[]> {
  const { directory, tools } = bench;
  if (!existsSync('/bin/sh')) return [];
  const sources = writeSources(directory, 'src', { count: COUNT, suffix: 'c', text: manyPlainHeaderText });
  const headers = countHeaders(compile(bench, sources.slice(0, 1), 'obj/'));
  const available = await others(tools, directory);
  const contestants = [
    clcache(tools, `${directory}/clcache`),
    ...available.filter(({ name }) => name !== 'sccache'),
  ];
  try {
    letSourcesSettle();
    const title = `Hits per second, ${headers} headers`;
    bench.progress(`${title}: filling the caches`);
    const entrants = contestants.flatMap((contestant, index) =>
      AT_ONCE.map((atOnce) => ({
        name: nameOf(contestant, atOnce),
        contestant,
        hitsPerRun: COUNT,
        command: {
          words: ['/bin/sh', script(bench, contestant, { sources, atOnce, name: `c${index}-${atOnce}.sh` })],
          directory,
          environment: { ...plainEnvironment(), ...contestant.environment },
        },
      })),
    );
    for (const { command } of entrants.filter(({ name }) => name.endsWith(' 1 at once'))) {
      runOnce(command);
      runOnce(command);
    }
    const series = race(bench, title, 5, entrants);
    const rows = series.map((each) => ({
      name: each.name,
      value: (COUNT * 1000) / median(each.samples),
      ratio: factor(series, each),
    }));
    const [one, two] = [1, 2].map((atOnce) => seriesNamed(series, `clcache, ${atOnce} at once`));
    const claims =
      one && two
        ? [
            {
              text: 'hits per second of two at once against one',
              value: ratio(one, two),
              limit: 1.8,
              unit: '×',
              atLeast: true as const,
            },
          ]
        : [];
    return [{ title, unit: 'hits/s', reference: 'one at once', rows, claims, notes: [] }];
  } finally {
    for (const contestant of available) contestant.close();
  }
}

const nameOf = (contestant: Contestant, atOnce: number): string => `${contestant.name}, ${atOnce} at once`;

/** How many times the hits of the same cache with one process. */
function factor(all: readonly Series[], series: Series): number {
  const alone = seriesNamed(all, series.name.replace(/\d+ at once/, '1 at once'));
  return alone ? ratio(alone, series) : Number.NaN;
}

function script(
  bench: Bench,
  contestant: Contestant,
  options: { readonly sources: readonly string[]; readonly atOnce: number; readonly name: string },
): string {
  const { compiler } = bench.tools;
  const shares = Array.from({ length: options.atOnce }, (_, share) =>
    options.sources.filter((_source, index) => index % options.atOnce === share),
  );
  const words = [...contestant.launcher, compiler.path, ...compileOptions(compiler)].map(
    (word) => `'${word}'`,
  );
  const lines = shares.map(
    (share) =>
      `( for f in ${share.join(' ')}; do ${words.join(' ')} "-Foobj/\${f#src/}.obj" "$f" || exit; done ) &`,
  );
  writeFileSync(`${bench.directory}/${options.name}`, `${lines.join('\n')}\nwait\n`);
  return options.name;
}
