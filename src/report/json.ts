/** The statistics as JSON. The counters have the Python clcache's names. */
import type { Build, Span } from '../statistics/builds.ts';
import type { Totals } from '../statistics/counters.ts';
import type { StatisticsReport } from './text.ts';

/**
 * One JSON object with every counter, `CacheDirectory`, `MaximumCacheSize` (bytes) and the rest of the report, and a line
 * feed. Times are ISO 8601, and `HitRate` is a number from 0 to 1 (null without a hit or miss).
 */
export function statisticsJson(report: StatisticsReport): string {
  const totals: Totals = report.totals;
  return `${JSON.stringify(
    {
      CacheDirectory: report.cacheDirectory,
      MaximumCacheSize: report.maximumSize,
      ...totals,
      CacheSize: Math.max(0, totals.CacheSize),
      CacheEntries: Math.max(0, totals.CacheEntries),
      HitRate: hitRate(totals),
      Since: report.since === undefined ? null : isoTime(report.since),
      ...(report.onlyOf && { OnlyOfBuild: report.onlyOf.build ? spanOf(report.onlyOf.build) : null }),
      RefusedOptions: report.refused,
      Builds: report.builds.map((build) => ({
        ...spanOf(build),
        ...build.counts,
        HitRate: hitRate(build.counts),
        RefusedOptions: build.refused,
      })),
      RemoteStores: Object.fromEntries(
        Object.entries(report.remotes).map(([name, counts]) => [
          name,
          {
            ...counts,
            ...(report.sendsNothing && { sendsNothing: true }),
            ...troubleOf(report, name),
          },
        ]),
      ),
      Problems: report.problems,
    },
    undefined,
    2,
  )}\n`;
}

/** Null without a hit or a miss. */
function hitRate({ CacheHits = 0, CacheMisses = 0 }: Build['counts']): number | null {
  return CacheHits + CacheMisses === 0 ? null : CacheHits / (CacheHits + CacheMisses);
}

function spanOf({ from, to }: Span): object {
  return { From: isoTime(from), To: isoTime(to) };
}

/** The last error of a store, and until when the store is left out. Times are ISO 8601. */
function troubleOf(report: StatisticsReport, name: string): object {
  const known = report.troubles.find((trouble) => trouble.name === name);
  if (!known) return {};
  const { error, outUntil, notWrittenUntil } = known;
  return {
    ...(error && { lastError: error.reason, lastErrorAt: isoTime(error.at) }),
    ...(outUntil !== undefined && { outUntil: isoTime(outUntil) }),
    ...(notWrittenUntil !== undefined && { notWrittenUntil: isoTime(notWrittenUntil) }),
  };
}

function isoTime(time: number): string | undefined {
  return Number.isFinite(new Date(time).getTime()) ? new Date(time).toISOString() : undefined;
}
