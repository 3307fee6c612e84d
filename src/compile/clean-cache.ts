import { readSettings } from '../config/settings-file.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { sizeCorrection } from '../statistics/statistics.ts';
import { addToStatistics, glanceAtStatistics, readStatistics } from '../statistics/statistics-file.ts';
import type { CleanOptions, CleanResult, ClearOptions } from '../storage/local/evict.ts';
import { layoutOf } from '../storage/local/layout.ts';

/**
 * Runs a cleaning and puts the counted size back to what is really there. Storage does not count; this is where the
 * two meet, for `-c`, `-C` and the automatic cleaning alike. Throws what they throw.
 */
export async function cleanAndCount<Options extends ClearOptions | CleanOptions>(
  run: (options: Options) => Promise<CleanResult>,
  options: Options,
): Promise<CleanResult> {
  const { statistics } = layoutOf(options.cacheDirectory);
  const counted = await readStatistics(statistics);
  const result = await run(options);
  if (result.kind === 'done')
    await addToStatistics(statistics, sizeCorrection(counted, result.after), options.timeoutMs);
  return result;
}

/** After something was stored: if the cache has reached its limit, the least recently used goes. Never fails. */
export async function cleanIfFull(cacheDirectory: string, timeoutMs: number, trace: Trace): Promise<void> {
  const layout = layoutOf(cacheDirectory);
  try {
    const { maximumSize } = readSettings(layout.settingsFile);
    if (glanceAtStatistics(layout.statistics).CacheSize < maximumSize) return;
    const { clean } = await import('../storage/local/evict.ts');
    await cleanAndCount(clean, { cacheDirectory, maximumSize, timeoutMs });
  } catch (error) {
    trace(() => `not cleaned: ${describeError(error)}`);
  }
}
