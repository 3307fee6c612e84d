import { resetRemoteStatistics } from '../../statistics/remote-statistics.ts';
import { resetStatistics as resetCounters } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import { forgetTroubles } from '../../storage/remote/health.ts';
import type { CliContext } from '../context.ts';

/** `clcache -z`: sets hits, misses and calls to zero, and makes clcache ask every store again. */
export async function resetStatistics(context: CliContext): Promise<number> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const { statistics } = layoutOf(cacheDirectory);
  await resetCounters(statistics, lockTimeoutMs);
  await resetRemoteStatistics(statistics, lockTimeoutMs);
  forgetTroubles(cacheDirectory);
  context.stdout('Statistics reset\n');
  return 0;
}
