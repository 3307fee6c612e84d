/** What every scenario gets, and what it returns. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Contestant, plainEnvironment, through } from './contestants.ts';
import type { Command, Contender, Series } from './measure.ts';
import { alternate, median, ratio, runOnce } from './measure.ts';
import { compileOptions } from './sources.ts';
import type { Tools } from './tools.ts';

export interface Bench {
  readonly tools: Tools;
  /** The scenario's own folder, removed afterwards. */
  readonly directory: string;
  /** Shows the progress. */
  readonly progress: (text: string) => void;
}

export interface Row {
  readonly name: string;
  readonly value: number;
  /** The best of all samples, which other load has disturbed least. */
  readonly best?: number;
  /** Relative to the scenario's reference. */
  readonly ratio?: number;
}

/** A promise about speed, and whether this run holds it. */
export interface Claim {
  readonly text: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  /** Set if more is better: `limit` is then the least value. */
  readonly atLeast?: true;
}

export interface Measured {
  readonly title: string;
  readonly unit: string;
  /** Name of the row that the ratios are against. */
  readonly reference?: string;
  readonly rows: readonly Row[];
  readonly claims: readonly Claim[];
  readonly notes: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** Takes minutes or gigabytes: measured with --all only. */
  readonly isSlow?: true;
  run(bench: Bench): Measured[] | Promise<Measured[]>;
}

/** Rows from series, with ratios to the series of this name. */
export function rowsOf(series: readonly Series[], reference: string): Row[] {
  const base = series.find(({ name }) => name === reference);
  return series.map((each) => ({
    name: each.name,
    value: median(each.samples),
    best: Math.min(...each.samples),
    ...(base ? { ratio: ratio(each, base) } : {}),
  }));
}

export function seriesNamed(series: readonly Series[], name: string): Series | undefined {
  return series.find((each) => each.name === name);
}

/** The bare compiler on these sources; `output` is a file, or a folder that ends with a slash. */
export function compile(bench: Bench, sources: readonly string[], output: string): Command {
  const { compiler } = bench.tools;
  mkdirSync(join(bench.directory, output, output.endsWith('/') ? '.' : '..'), { recursive: true });
  return {
    words: [compiler.path, ...compileOptions(compiler), `-Fo${output}`, ...sources],
    directory: bench.directory,
    environment: plainEnvironment(),
  };
}

/** Measures by turns, shows progress, and checks with the caches' own statistics that every supposed hit was one. */
export function race(
  bench: Bench,
  title: string,
  rounds: number,
  entrants: readonly (Contender & { readonly contestant?: Contestant; readonly hitsPerRun?: number })[],
): Series[] {
  const before = entrants.map(({ contestant }) => contestant?.hits() ?? 0);
  const series = alternate(entrants, rounds, (done, total) =>
    bench.progress(`${title}: round ${done + 1} of ${total}`),
  );
  for (const contestant of new Set(entrants.flatMap((entrant) => entrant.contestant ?? []))) {
    const own = entrants.filter((entrant) => entrant.contestant === contestant);
    const measured = series[0]?.samples.length ?? 0;
    const expected = own.reduce((sum, { runs = 1, hitsPerRun = 1 }) => sum + measured * runs * hitsPerRun, 0);
    const first = entrants.findIndex((entrant) => entrant.contestant === contestant);
    const counted = contestant.hits() - (before[first] ?? 0);
    if (counted !== expected) {
      throw new Error(`${title}: ${contestant.name} counted ${counted} hits where ${expected} were expected`);
    }
  }
  return series;
}

/** Compiles until a call is a complete hit. Throws if it never is. */
export function warm(contestant: Contestant, command: Command, hits = 1): void {
  const call = through(contestant, command);
  runOnce(call);
  runOnce(call);
  const before = contestant.hits();
  runOnce(call);
  const counted = contestant.hits() - before;
  if (counted !== hits)
    throw new Error(`${contestant.name} counted ${counted} hits where ${hits} were expected`);
}

/**
 * Caches that remember hashes by time stamp do not trust files that are younger than two seconds. Real sources are
 * older.
 */
export function letSourcesSettle(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2200);
}
