import { readSettings } from '../config/settings-file.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { glanceAtStatistics } from '../statistics/statistics-file.ts';
import type { CleanOptions, ClearOptions, ClearResult } from '../storage/local/evict.ts';
import { layoutOf } from '../storage/local/layout.ts';

/**
 * Runs a cleaning and counts what it finds and removes, because storage does not count. Used by `-c`, `-C` and the
 * automatic cleaning. Throws what they throw.
 */
export function cleanAndCount<Options extends ClearOptions | CleanOptions, Result extends ClearResult>(
  run: (options: Options) => Promise<Result>,
  options: Options,
): Promise<Result> {
  const { statistics } = layoutOf(options.cacheDirectory);
  return run({ ...options, accounts: sizeAccounts(statistics, options.timeoutMs) });
}

/** Evicts the least recently used entries if the cache has reached its limit. Called after a store. Never fails. */
export async function cleanIfFull(cacheDirectory: string, timeoutMs: number, trace: Trace): Promise<void> {
  const layout = layoutOf(cacheDirectory);
  try {
    const { maximumSize } = readSettings(layout.settingsFile);
    if (glanceAtStatistics(layout.statistics).CacheSize < maximumSize) return;
    const { clean } = await import('../storage/local/evict.ts');
    const result = await cleanAndCount(clean, { cacheDirectory, maximumSize, timeoutMs });
    if (result.kind === 'done' && result.refused !== undefined) {
      const { refused } = result;
      trace(() => `not all cleaned: ${refused}`);
    }
  } catch (error) {
    trace(() => `not cleaned: ${describeError(error)}`);
  }
}

/**
 * Evicts the least recently used entries if the cache would reach its limit with `bytes` more. False if there is no
 * room even then. Throws what cleaning throws.
 */
export async function makeRoom(cacheDirectory: string, timeoutMs: number, bytes: number): Promise<boolean> {
  const layout = layoutOf(cacheDirectory);
  const { maximumSize } = readSettings(layout.settingsFile);
  const left = maximumSize - bytes;
  if (left <= 0) return false;
  if (glanceAtStatistics(layout.statistics).CacheSize < left) return true;
  const { clean } = await import('../storage/local/evict.ts');
  await cleanAndCount(clean, { cacheDirectory, maximumSize: left, timeoutMs });
  return true;
}
