/** 200 sources that are all cached: in one call, as with MSBuild, and one a call under Ninja. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import {
  type Bench,
  type Claim,
  compile,
  letSourcesSettle,
  type Measured,
  race,
  rowsOf,
  type Scenario,
  seriesNamed,
} from '../bench.ts';
import { type Contestant, clcache, others, plainEnvironment, through } from '../contestants.ts';
import { type Command, type Contender, median, ratio, runOnce, type Series } from '../measure.ts';
import {
  compileOptions,
  countHeaders,
  fewHeaderText,
  manyPlainHeaderText,
  writeSources,
} from '../sources.ts';

const COUNT = 200;

export const manySourcesFewHeaders: Scenario = {
  name: 'many-few',
  run: (bench) => run(bench, 'cpp', fewHeaderText),
};
export const manySourcesManyHeaders: Scenario = {
  name: 'many-many',
  run: (bench) => run(bench, 'c', manyPlainHeaderText),
};

type Entrant = Contender & { readonly contestant?: Contestant; readonly hitsPerRun: number };

async function run(bench: Bench, suffix: string, text: (seed: string) => string): Promise<Measured[]> {
  const { directory, tools } = bench;
  const sources = writeSources(directory, 'src', { count: COUNT, suffix, text });
  const headers = countHeaders(compile(bench, sources.slice(0, 1), 'obj/'));
  const ours = clcache(tools, `${directory}/clcache`);
  const available = await others(tools, directory);
  // sccache starts the preprocessor for each source, which would take minutes.
  const rivals = available.filter(({ name }) => name !== 'sccache');
  try {
    const title = `${COUNT} sources with ${headers} headers each, all hits`;
    const batch = compile(bench, sources, 'obj/');
    letSourcesSettle();
    bench.progress(`${title}: filling the caches`);
    runOnce(through(ours, batch));
    const entrants: Entrant[] = [
      {
        name: 'clcache, one call',
        contestant: ours,
        before: () => emptyOutput(bench),
        command: through(ours, batch),
        hitsPerRun: COUNT,
      },
      ...(tools.ninja ? withNinja(bench, tools.ninja, sources, [ours, ...rivals]) : []),
      oneByOne(bench, sources, ours),
    ];
    // Twice, because what is learnt of a header is stored at its first use.
    for (const { command, before } of [...entrants, ...entrants]) {
      before?.();
      runOnce(command);
    }
    const series = race(bench, title, 7, entrants);
    const notes = tools.ninja ? [] : ['ninja is not installed: left out'];
    const reference = 'clcache, one call';
    return [
      {
        title,
        unit: 'ms',
        reference,
        rows: rowsOf(series, reference),
        claims: claims(series, headers),
        notes,
      },
    ];
  } finally {
    for (const contestant of available) contestant.close();
  }
}

function claims(series: readonly Series[], headers: number): Claim[] {
  const ours = seriesNamed(series, 'clcache, one call');
  if (!ours) return [];
  const of = `${COUNT} hits with ${headers} headers in one call`;
  const perSource = median(ours.samples) / COUNT;
  const found: Claim[] = [{ text: `${of}, a source`, value: perSource, limit: 1, unit: 'ms' }];
  for (const name of ['ccache', 'ccache with inode cache']) {
    const rival = seriesNamed(series, `ninja -j2, ${name}`);
    if (rival)
      found.push({
        text: `${of} against ninja -j2 with ${name}`,
        value: ratio(ours, rival),
        limit: 0.6,
        unit: '×',
      });
  }
  return found;
}

/** A build file for each contestant over the same sources and objects, and one in which the compiler is `true`. */
function withNinja(
  bench: Bench,
  ninja: string,
  sources: readonly string[],
  contestants: readonly Contestant[],
): Entrant[] {
  const { directory, tools } = bench;
  const ninjaCommand = (name: string, launcher: readonly string[]): Command => {
    const words = [...launcher, tools.compiler.path, ...compileOptions(tools.compiler), '-Fo$out', '$in'];
    const rules = sources.map((source) => `build ${objectOf(source)}: compile ${source}\n`).join('');
    writeFileSync(`${directory}/${name}.ninja`, `rule compile\n  command = ${words.join(' ')}\n${rules}`);
    return { words: [ninja, '-j2', '-f', `${name}.ninja`], directory, environment: plainEnvironment() };
  };
  const before = () => {
    emptyOutput(bench);
    rmSync(`${directory}/.ninja_log`, { force: true });
  };
  const entrants: Entrant[] = contestants.map((contestant, index) => {
    const command = ninjaCommand(`build-${index}`, contestant.launcher);
    const environment = { ...command.environment, ...contestant.environment };
    const name = `ninja -j2, ${contestant.name}`;
    return { name, contestant, before, hitsPerRun: sources.length, command: { ...command, environment } };
  });
  if (process.platform === 'win32') return entrants;
  const command = ninjaCommand('build-true', ['true']);
  return [...entrants, { name: 'ninja -j2, true', before, hitsPerRun: 0, command }];
}

/** As after a clean. A file system may write an object that replaces another one to the disk at once. */
function emptyOutput({ directory }: Bench): void {
  rmSync(`${directory}/obj`, { recursive: true, force: true });
  mkdirSync(`${directory}/obj`);
}

const objectOf = (source: string): string => `obj/${source.slice('src/'.length)}.obj`;

/** As `for %f in (*.cpp)` and xargs do it. */
function oneByOne(bench: Bench, sources: readonly string[], contestant: Contestant): Entrant {
  const { directory, tools } = bench;
  const words = [...contestant.launcher, tools.compiler.path, ...compileOptions(tools.compiler)];
  const shell = (arguments_: readonly string[]) =>
    arguments_.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const lines = sources.map((source) => `${shell([...words, `-Fo${objectOf(source)}`, source])} || exit`);
  writeFileSync(`${directory}/one-by-one.sh`, `${lines.join('\n')}\n`);
  const environment = { ...plainEnvironment(), ...contestant.environment };
  return {
    name: `one by one, ${contestant.name}`,
    contestant,
    before: () => emptyOutput(bench),
    hitsPerRun: sources.length,
    command: { words: ['/bin/sh', 'one-by-one.sh'], directory, environment },
  };
}
