import type { Build } from '../../statistics/builds.ts';
import { duration, grouped, localTime, percent } from '../amounts.ts';
import type { Section } from './document.ts';

/** Without the seconds. */
const MINUTES = '2026-11-26 12:05'.length;

/** The hit rate of the last builds, as columns and as a table with the newest first. */
export function buildsSection(builds: readonly Build[]): Section {
  const title = 'The last builds';
  const shown = builds.filter(({ counts }) => sumOf(counts) > 0);
  const [first, last] = [shown.at(0), shown.at(-1)];
  if (!first || !last) return { title, parts: [{ kind: 'text', text: 'No build is known yet.' }] };
  const rows = shown.toReversed().map((build) => {
    const { CacheHits = 0, CacheMisses = 0, TimeSavedMs = 0 } = build.counts;
    return [
      startOf(build),
      percent(CacheHits, CacheHits + CacheMisses) ?? '',
      grouped(CacheHits),
      grouped(CacheMisses),
      duration(TimeSavedMs),
    ];
  });
  return {
    title,
    parts: [
      ...(shown.length > 1
        ? [
            {
              kind: 'columns',
              label: `Hit rate of the last ${shown.length} builds, oldest first: from ${rateOf(first)} to ${rateOf(last)}`,
              shares: shown.map(({ counts }) => (counts.CacheHits ?? 0) / sumOf(counts)),
              ends: [`${startOf(first)}: ${rateOf(first)}`, `${startOf(last)}: ${rateOf(last)}`],
            } as const,
          ]
        : []),
      {
        kind: 'table',
        caption: 'Hits and misses of each build, the newest first',
        heads: ['began', 'hit rate', 'hits', 'misses', 'saved'],
        rows,
      },
    ],
  };
}

function sumOf({ CacheHits = 0, CacheMisses = 0 }: Build['counts']): number {
  return CacheHits + CacheMisses;
}

function rateOf({ counts }: Build): string {
  return percent(counts.CacheHits ?? 0, sumOf(counts)) ?? '';
}

function startOf({ from }: Build): string {
  return localTime(from).slice(0, MINUTES);
}
