/** The statistics as text. Scripts parse the lines of the Python clcache, so new lines come after them. */
import type { Build } from '../statistics/builds.ts';
import { COUNTER_NAMES, COUNTERS, type Counter, type CounterGroup } from '../statistics/counters.ts';
import { REMOTE_COUNTERS, type RemoteCounter, type RemoteTotals } from '../statistics/remote-statistics.ts';
import { oneLine } from '../util/one-line.ts';
import { grouped, timeOfDay } from './amounts.ts';
import { type Gains, gainLines } from './gains.ts';

export interface StatisticsReport extends Gains {
  readonly cacheDirectory: string;
  /** The limit of the cache, in bytes. */
  readonly maximumSize: number;
  /** The last builds, oldest first. Only in JSON. */
  readonly builds: readonly Build[];
  readonly remotes: RemoteTotals;
  /** The last failures of shared stores. */
  readonly troubles: readonly StoreTrouble[];
  /** True if this machine only reads shared stores: it trusts signers, and is none. */
  readonly sendsNothing?: boolean;
  /** What is wrong with settings and files. Only in JSON: as text, it is on stderr. */
  readonly problems: readonly string[];
}

/** Times are milliseconds since 1970. */
export interface StoreTrouble {
  readonly name: string;
  readonly error?: { readonly at: number; readonly reason: string };
  /** Set while the store is not asked, or not written to. */
  readonly outUntil?: number;
  readonly notWrittenUntil?: number;
}

type Line = string;

const LABEL_WIDTH = 26;
const GROUPS_OF_LINES: Readonly<Partial<Record<CounterGroup, string>>> = {
  misses: 'cache misses',
  passedThrough: 'passed to real compiler',
  notStored: 'compiled but not stored',
  trouble: 'trouble with the cache',
};

/** The whole text. Each line ends with a line feed. */
export function statisticsText(report: StatisticsReport): string {
  const { totals } = report;
  const lines: Line[] = [
    'clcache statistics:',
    topLine('current cache dir', diskCacheAt(report.cacheDirectory)),
    topLine(COUNTERS.CacheSize.label, `${grouped(totals.CacheSize)} bytes`),
    topLine('maximum cache size', `${grouped(report.maximumSize)} bytes`),
    topLine(COUNTERS.CacheEntries.label, grouped(totals.CacheEntries)),
    topLine(COUNTERS.CacheHits.label, grouped(totals.CacheHits)),
  ];
  for (const [group, title] of Object.entries(GROUPS_OF_LINES)) {
    lines.push(`  ${title}`);
    for (const counter of countersOf(group))
      lines.push(subLine(COUNTERS[counter].label, grouped(totals[counter])));
  }
  for (const [name, counts] of Object.entries(report.remotes)) {
    lines.push(`  remote store ${name}`);
    for (const [counter, { label }] of Object.entries(REMOTE_COUNTERS))
      lines.push(subLine(label, grouped(counts[counter as RemoteCounter])));
    if (report.sendsNothing) lines.push(subLine('nothing is sent', 'CLCACHE_REMOTE_TRUST alone only reads'));
    for (const trouble of report.troubles) if (trouble.name === name) lines.push(...troubleLines(trouble));
  }
  lines.push(...gainLines(report));
  return `${lines.join('\n')}\n`;
}

function troubleLines({ error, outUntil, notWrittenUntil }: StoreTrouble): readonly Line[] {
  return [
    ...(error ? [subLine('last error', `${timeOfDay(error.at)} ${oneLine(error.reason)}`)] : []),
    ...(outUntil === undefined ? [] : [subLine('out until', timeOfDay(outUntil))]),
    ...(notWrittenUntil === undefined ? [] : [subLine('not written to until', timeOfDay(notWrittenUntil))]),
  ];
}

/** How reports name the cache folder. */
export function diskCacheAt(cacheDirectory: string): string {
  return `Disk cache at ${cacheDirectory}`;
}

function countersOf(group: string): readonly Counter[] {
  return COUNTER_NAMES.filter((counter) => COUNTERS[counter].group === group);
}

function topLine(label: string, value: string): Line {
  return `  ${label.padEnd(LABEL_WIDTH)}: ${value}`;
}

function subLine(label: string, value: string): Line {
  return `    ${label.padEnd(LABEL_WIDTH)} : ${value}`;
}
