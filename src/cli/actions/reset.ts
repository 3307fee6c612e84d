import { resetStatistics as resetCounters } from '../../statistics/statistics-file.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import type { CliContext } from '../context.ts';

/** `clcache -z`: counts hits, misses and calls from zero again. */
export async function resetStatistics(context: CliContext): Promise<number> {
  await resetCounters(layoutOf(context.config.cacheDirectory).statistics, context.config.lockTimeoutMs);
  context.stdout('Statistics reset\n');
  return 0;
}
