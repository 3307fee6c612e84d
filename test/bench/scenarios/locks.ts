/** The part of their time that processes wait for locks when many hit at once, from their own profiles. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, compile, letSourcesSettle, type Measured, type Row, type Scenario } from '../bench.ts';
import { clcache, through } from '../contestants.ts';
import { type Command, median, runOnce } from '../measure.ts';
import { fewHeaderText, writeSources } from '../sources.ts';

export const locks: Scenario = { name: 'locks', isSlow: true, run };

const AT_ONCE = [2, 16, 64];
const SOURCES = 64;
/** Of all processes together, for each row. */
const HITS = 768;
/** A call gives up after 10 s. */
const LONGEST_WAIT_MS = 1000;

/** Of one process, in milliseconds. */
interface Times {
  readonly waited: number;
  readonly lived: number;
}

const WHAT = {
  'a source each': (process: number) => process % SOURCES,
  'all the same source': () => 0,
};

async function run(bench: Bench): Promise<Measured[]> {
  if (!existsSync('/bin/sh')) return [];
  const { directory, tools } = bench;
  const sources = writeSources(directory, 'src', { count: SOURCES, suffix: 'cpp', text: fewHeaderText });
  const contestant = clcache(tools, join(directory, 'cache'));
  const calls = sources.map((source, index) =>
    through(contestant, compile(bench, [source], `obj/${index}.obj`)),
  );
  letSourcesSettle();
  bench.progress('filling the cache');
  for (const call of [...calls, ...calls]) runOnce(call);
  const shares: Row[] = [];
  const longest: Row[] = [];
  for (const [what, sourceOf] of Object.entries(WHAT)) {
    for (const atOnce of AT_ONCE) {
      const name = `${atOnce} processes, ${what}`;
      bench.progress(name);
      const before = contestant.hits();
      const chosen = Array.from({ length: atOnce }, (_, process) => calls[sourceOf(process)]);
      const times = measureTogether(
        directory,
        chosen.flatMap((call) => call ?? []),
        HITS / atOnce,
      );
      const hits = contestant.hits() - before;
      if (hits !== HITS) throw new Error(`${name}: ${hits} hits where ${HITS} were expected`);
      const sum = (pick: (each: Times) => number) => times.reduce((total, each) => total + pick(each), 0);
      const waits = times.map(({ waited }) => waited);
      shares.push({ name, value: (100 * sum(({ waited }) => waited)) / sum(({ lived }) => lived) });
      longest.push({ name, value: Math.max(...waits), best: median(waits) });
    }
  }
  const worst = Math.max(...longest.map(({ value }) => value));
  const text = 'the longest that a call waited for locks';
  return [
    { title: 'Share of a hit that is waiting for locks', unit: '%', rows: shares, claims: [], notes: [] },
    {
      title: 'The longest wait of a call (best: the median)',
      unit: 'ms',
      rows: longest,
      claims: [{ text, value: worst, limit: LONGEST_WAIT_MS, unit: 'ms' }],
      notes: [],
    },
  ];
}

/** Runs each call this many times in a row, all calls side by side. Returns what each process reports. */
function measureTogether(directory: string, calls: readonly Command[], times: number): Times[] {
  const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');
  const loops = calls.map(
    ({ words }) => `( n=${times}; while [ $n -gt 0 ]; do ${quoted(words)} || exit; n=$((n-1)); done ) &`,
  );
  writeFileSync(join(directory, 'run.sh'), `${loops.join('\n')}\nwait\n`);
  const environment = { ...calls[0]?.environment, CLCACHE_PROFILE: '1' };
  runOnce({ words: ['/bin/sh', 'run.sh'], directory, environment });
  const profiles = readdirSync(directory).filter((name) => name.endsWith('.trace.json'));
  const measured = profiles.map((name) => timesIn(readFileSync(join(directory, name), 'utf8')));
  for (const name of profiles) rmSync(join(directory, name));
  if (measured.length !== calls.length * times) throw new Error(`${measured.length} profiles`);
  return measured;
}

function timesIn(profile: string): Times {
  const { traceEvents } = JSON.parse(profile) as {
    traceEvents: { name: string; ts: number; dur: number }[];
  };
  const waits = traceEvents.filter(({ name }) => name.startsWith('wait for '));
  return {
    waited: waits.reduce((sum, { dur }) => sum + dur, 0) / 1000,
    lived: Math.max(...traceEvents.map(({ ts, dur }) => ts + dur)) / 1000,
  };
}
