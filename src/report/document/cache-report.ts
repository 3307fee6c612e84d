/** What `clcache --report` says of a cache, as a document. */
import { duration, fileSize, grouped, localTime, percent } from '../amounts.ts';
import type { StatisticsReport } from '../text.ts';
import { buildsSection } from './builds-section.ts';
import type { ReportDocument, Section } from './document.ts';
import type { KnownCalls } from './known-calls.ts';
import { missesSection } from './misses-section.ts';
import { notCachedSection } from './not-cached-section.ts';
import { type AgedSize, bytesOf, sizeSection, storesSection } from './places-sections.ts';

export interface CacheReport {
  readonly statistics: StatisticsReport;
  /** What is known of the last calls that were no hits. Undefined if nothing was kept. */
  readonly calls: KnownCalls | undefined;
  readonly ages: readonly AgedSize[];
  /** In milliseconds since 1970. */
  readonly madeAt: number;
  readonly version: string;
}

export function reportDocument(report: CacheReport): ReportDocument {
  const { statistics, calls, ages, madeAt, version } = report;
  const { cacheDirectory, since } = statistics;
  const began =
    since === undefined ? 'It is not known since when is counted' : `Counted since ${localTime(since)}`;
  return {
    title: 'clcache report',
    about: [`Cache folder: ${cacheDirectory}`, `${began}. Made ${localTime(madeAt)} by clcache ${version}.`],
    sections: [
      gainSection(statistics, bytesOf(ages)),
      buildsSection(statistics.builds),
      missesSection(statistics.totals, calls),
      notCachedSection(statistics, calls),
      sizeSection(statistics.totals, ages),
      storesSection(statistics),
      ...problemsSection(statistics.problems),
    ],
  };
}

/** `bytes` is the size of the cache as it was measured. */
function gainSection({ totals, maximumSize }: StatisticsReport, bytes: number): Section {
  const { CacheHits: hits, CacheMisses: misses } = totals;
  const rate = percent(hits, hits + misses);
  const full = percent(Math.min(bytes, maximumSize), maximumSize);
  return {
    title: 'What the cache gained',
    parts: [
      ...(rate === undefined
        ? [
            {
              kind: 'text',
              text: 'No source was looked up yet: there was neither a hit nor a miss. If a build ran, it did not use this cache; clcache --doctor says why.',
            } as const,
          ]
        : []),
      {
        kind: 'figures',
        figures: [
          { label: 'Hit rate', value: rate ?? 'none yet' },
          { label: 'Hits', value: grouped(hits) },
          { label: 'Misses', value: grouped(misses) },
          { label: 'Compile time saved', value: duration(totals.TimeSavedMs), note: 'by hits' },
          { label: 'Compile time spent', value: duration(totals.CompileTimeMs), note: 'on misses' },
          {
            label: 'Size',
            value: fileSize(bytes),
            note: `${full === undefined ? '' : `${full} `}of ${fileSize(maximumSize)}`,
          },
        ],
      },
    ],
  };
}

function problemsSection(problems: readonly string[]): readonly Section[] {
  if (problems.length === 0) return [];
  return [
    { title: 'Problems with the settings', parts: problems.map((text) => ({ kind: 'text', text }) as const) },
  ];
}
