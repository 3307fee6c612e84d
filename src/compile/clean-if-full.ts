import { readSettings } from '../config/settings-file.ts';
import { describeError } from '../diagnostics/errors.ts';
import { addToStatistics, readStatistics } from '../statistics/statistics-file.ts';
import { layoutOf } from '../storage/local/layout.ts';
import type { CompileContext } from './compile-request.ts';

/** After something was stored: if the cache has reached its limit, the least recently used goes. Never fails. */
export async function cleanIfFull({
  config,
  trace,
}: Pick<CompileContext, 'config' | 'trace'>): Promise<void> {
  const layout = layoutOf(config.cacheDirectory);
  try {
    const { maximumSize } = readSettings(layout.settingsFile);
    const totals = await readStatistics(layout.statistics);
    if (totals.CacheSize < maximumSize) return;
    const { clean } = await import('../storage/local/evict.ts');
    const { cacheDirectory, lockTimeoutMs: timeoutMs } = config;
    const result = await clean({ cacheDirectory, maximumSize, timeoutMs });
    if (result.kind === 'busy') return;
    const { sizeCorrection } = await import('../statistics/statistics.ts');
    await addToStatistics(layout.statistics, sizeCorrection(totals, result.after), timeoutMs);
  } catch (error) {
    trace(() => `not cleaned: ${describeError(error)}`);
  }
}
