/** The end of `clcache -s`: what the cache gained, and what kept it from gaining more. Each line fits 80 columns. */
import type { Span } from '../statistics/builds.ts';
import type { Totals } from '../statistics/counters.ts';
import { OTHER_OPTIONS, type RefusedOptions } from '../statistics/refused-options.ts';
import { oneLine } from '../util/one-line.ts';
import { duration, grouped, localTime, percent, timeOfDay } from './amounts.ts';
import { LOSSES, MISSES } from './losses.ts';

/** What was counted, and when. Times are milliseconds since 1970. */
export interface Gains {
  readonly totals: Totals;
  readonly refused: RefusedOptions;
  readonly since: number | undefined;
  /** Set if all this is of the last build only. Undefined if there was none. */
  readonly onlyOf?: { readonly build: Span | undefined };
}

const LABEL_WIDTH = 42;
/** How many options are named. The most frequent come first. */
const OPTIONS_SHOWN = 10;

/** The lines, each indented by two blanks at least. */
export function gainLines(gains: Gains): readonly string[] {
  const { totals, refused } = gains;
  const misses = MISSES.filter((counter) => totals[counter] > 0);
  const options = mostFrequent(refused);
  return [
    '  summary',
    ...summary(gains).map(([label, value]) => line(label, value)),
    ...(misses.length > 0 ? ['  why sources were compiled'] : []),
    ...misses.map((counter) => line(LOSSES[counter].meaning, grouped(totals[counter]))),
    ...(options.length > 0 ? ['  options for which calls were not cached'] : []),
    ...options.map(([option, count]) => line(oneLine(option), grouped(count))),
  ];
}

function summary({ totals, since, onlyOf }: Gains): readonly (readonly [string, string])[] {
  const { CacheHits: hits, CacheMisses: misses } = totals;
  const rate = percent(hits, hits + misses);
  return [
    onlyOf ? ['last build', spanText(onlyOf.build)] : ['counted since', sinceText(since)],
    ['hit rate', rate === undefined ? 'neither a hit nor a miss' : `${rate} of ${grouped(hits + misses)}`],
    ['compile time saved by hits', duration(totals.TimeSavedMs)],
    ['compile time of misses', duration(totals.CompileTimeMs)],
  ];
}

function spanText(build: Span | undefined): string {
  return build ? `${localTime(build.from)} to ${timeOfDay(build.to)}` : 'none is known';
}

function sinceText(since: number | undefined): string {
  return since === undefined ? 'not known; -z begins anew' : localTime(since);
}

/** The options by their counts. Those that are not shown, or were counted without a name, come last, as one. */
export function mostFrequent(refused: RefusedOptions): readonly (readonly [string, number])[] {
  const named = Object.entries(refused)
    .filter(([option]) => option !== OTHER_OPTIONS)
    .sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1));
  const rest = named
    .slice(OPTIONS_SHOWN)
    .reduce((sum, [, count]) => sum + count, refused[OTHER_OPTIONS] ?? 0);
  return [...named.slice(0, OPTIONS_SHOWN), ...(rest > 0 ? ([[OTHER_OPTIONS, rest]] as const) : [])];
}

function line(label: string, value: string): string {
  return `    ${label.padEnd(LABEL_WIDTH)} : ${value}`;
}
