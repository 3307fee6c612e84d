/** One source a call, as with Ninja and make: a hit on a source with about 150 system headers. */
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
import { clcache, clcacheByNpm, clcacheOnNode, others, plainEnvironment, through } from '../contestants.ts';
import { ratio } from '../measure.ts';
import { countHeaders, manyHeaderText, writeSources } from '../sources.ts';

export const hit: Scenario = { name: 'hit', run };

async function run(bench: Bench): Promise<Measured[]> {
  const { tools, directory } = bench;
  const [source = ''] = writeSources(directory, 'src', { count: 1, suffix: 'cpp', text: manyHeaderText });
  const bare = compile(bench, [source], 'obj/one.obj');
  const headers = countHeaders(bare);
  const contestants = [
    clcache(tools, `${directory}/clcache`),
    clcacheByNpm(tools, `${directory}/clcache-npm`),
    clcacheOnNode(tools, `${directory}/clcache-node`),
    ...(await others(tools, directory)),
  ];
  try {
    letSourcesSettle();
    const entrants = contestants.map((contestant) => {
      warm(contestant, bare);
      const runs = contestant.name === 'clcache' || contestant.name.startsWith('ccache') ? 8 : 2;
      return { name: contestant.name, contestant, command: through(contestant, bare), runs };
    });
    const version = [tools.executable, '--version'];
    const emptyStart = { words: version, directory, environment: plainEnvironment() };
    const title = `A hit, one source, ${headers} headers`;
    const series = race(bench, title, 11, [
      ...entrants,
      { name: 'clcache --version', command: emptyStart, runs: 8 },
      { name: 'the compiler alone', command: bare },
    ]);
    const ours = seriesNamed(series, 'clcache');
    const empty = seriesNamed(series, 'clcache --version');
    const claims =
      ours && empty
        ? [{ text: 'a hit against an empty start', value: ratio(ours, empty), limit: 1.6, unit: '×' }]
        : [];
    return [{ title, unit: 'ms', reference: 'clcache', rows: rowsOf(series, 'clcache'), claims, notes: [] }];
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}
