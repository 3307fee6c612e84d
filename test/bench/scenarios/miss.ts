/** What a miss costs more than the bare compiler: every round compiles a source that no cache has seen. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Bench, compile, type Measured, race, rowsOf, type Scenario, seriesNamed } from '../bench.ts';
import { type Contestant, clcache, others, through } from '../contestants.ts';
import { type Command, difference, runOnce } from '../measure.ts';
import { manyHeaderText } from '../sources.ts';

export const miss: Scenario = { name: 'miss', run };

const ROUNDS = 13;

async function run(bench: Bench): Promise<Measured[]> {
  const { tools, directory } = bench;
  mkdirSync(`${directory}/src`);
  let generation = 0;
  const nextContent = () => writeFileSync(`${directory}/src/one.cpp`, manyHeaderText(`g${generation++}`));
  const bare = compile(bench, ['src/one.cpp'], 'obj/one.obj');
  const fresh = clcache(tools, `${directory}/clcache-empty`);
  const contestants = [clcache(tools, `${directory}/clcache`), ...(await others(tools, directory))];
  try {
    for (const contestant of contestants) {
      nextContent();
      runOnce(through(contestant, bare));
      nextContent();
      checkObject(bench, contestant, bare);
    }
    const title = 'A miss, one source with about 150 headers';
    const series = race(bench, title, ROUNDS, [
      { name: 'the compiler alone', command: bare, before: nextContent },
      ...contestants.map((contestant) => ({
        name: contestant.name,
        command: through(contestant, bare),
        before: nextContent,
      })),
      { name: 'clcache, its first call ever', command: through(fresh, bare), before: fresh.empty },
    ]);
    const reference = 'the compiler alone';
    const base = seriesNamed(series, reference);
    const added = series.flatMap((each) =>
      base && each !== base ? [{ name: each.name, value: difference(each, base) }] : [],
    );
    const claims = added
      .filter(({ name }) => name === 'clcache')
      .map(({ value }) => ({ text: 'a miss against the bare compiler', value, limit: 12, unit: 'ms more' }));
    return [
      { title, unit: 'ms', reference, rows: rowsOf(series, reference), claims: [], notes: [] },
      {
        title: 'What a miss adds to the compile',
        unit: 'ms',
        rows: added,
        claims,
        notes: ['medians of pairs'],
      },
    ];
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

/** A contestant that takes a miss for a hit would be fast, but wrong. */
function checkObject({ tools, directory }: Bench, contestant: Contestant, bare: Command): void {
  runOnce(through(contestant, bare));
  const served = readFileSync(`${directory}/obj/one.obj`);
  runOnce(bare);
  // cl writes the time into its objects.
  if (tools.compiler.kind === 'cl' || served.equals(readFileSync(`${directory}/obj/one.obj`))) return;
  throw new Error(`${contestant.name} made another object than the compiler`);
}
