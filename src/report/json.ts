/** The counters for tools: one JSON object, counters under the names that the original keeps them under. */
import type { Totals } from '../statistics/counters.ts';
import type { StatisticsReport } from './text.ts';

/** One JSON object with every counter, `CacheDirectory` and `MaximumCacheSize` (bytes), ended by a line feed. */
export function statisticsJson(report: StatisticsReport): string {
  const totals: Totals = report.totals;
  return `${JSON.stringify(
    {
      CacheDirectory: report.cacheDirectory,
      MaximumCacheSize: report.maximumSize,
      ...totals,
      CacheSize: Math.max(0, totals.CacheSize),
      CacheEntries: Math.max(0, totals.CacheEntries),
      RemoteStores: report.remotes,
    },
    undefined,
    2,
  )}\n`;
}
