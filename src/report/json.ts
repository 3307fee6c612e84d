/** The statistics as JSON. The counters have the Python clcache's names. */
import type { Totals } from '../statistics/counters.ts';
import type { StatisticsReport } from './text.ts';

/** One JSON object with every counter, `CacheDirectory`, `MaximumCacheSize` (bytes) and `Problems`, and a line feed. */
export function statisticsJson(report: StatisticsReport): string {
  const totals: Totals = report.totals;
  return `${JSON.stringify(
    {
      CacheDirectory: report.cacheDirectory,
      MaximumCacheSize: report.maximumSize,
      ...totals,
      CacheSize: Math.max(0, totals.CacheSize),
      CacheEntries: Math.max(0, totals.CacheEntries),
      RemoteStores: Object.fromEntries(
        Object.entries(report.remotes).map(([name, counts]) => [
          name,
          { ...counts, ...troubleOf(report, name) },
        ]),
      ),
      Problems: report.problems,
    },
    undefined,
    2,
  )}\n`;
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
