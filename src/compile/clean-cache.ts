import { readSettings } from '../config/settings-file.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { glanceAtStatistics } from '../statistics/statistics-file.ts';
import type { CleanOptions, CleanResult, ClearOptions } from '../storage/local/evict.ts';
import { layoutOf } from '../storage/local/layout.ts';

/**
 * Runs a cleaning and has it count what it finds and removes. Storage does not count; this is where the two meet, for
 * `-c`, `-C` and the automatic cleaning alike. Throws what they throw.
 */
export function cleanAndCount<Options extends ClearOptions | CleanOptions>(
  run: (options: Options) => Promise<CleanResult>,
  options: Options,
): Promise<CleanResult> {
  const { statistics } = layoutOf(options.cacheDirectory);
  return run({ ...options, accounts: sizeAccounts(statistics, options.timeoutMs) });
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

/**
 * Before so many bytes are stored: if the cache would reach its limit, the least recently used goes. False if there is no
 * room for so much, however much goes. Throws what cleaning throws.
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
