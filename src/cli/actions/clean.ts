import { cleanAndCount } from '../../compile/clean-cache.ts';
import { readSettings } from '../../config/settings-file.ts';
import { clean } from '../../storage/local/evict.ts';
import { layoutOf } from '../../storage/local/layout.ts';
import type { CliContext } from '../context.ts';
import { progressLine } from '../progress.ts';
import { statusAfter } from '../removing.ts';

/** `clcache -c`: evicts entries until the cache is below its limit, and corrects the counted size. */
export async function cleanCache(context: CliContext): Promise<number> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const layout = layoutOf(cacheDirectory);
  const settings = readSettings(layout.settingsFile);
  if (settings.problem !== undefined) context.stderr(`clcache: ${settings.problem}\n`);
  const progress = progressLine(context, 'Cleaning the cache');
  const result = await cleanAndCount(clean, {
    cacheDirectory,
    maximumSize: settings.maximumSize,
    timeoutMs: lockTimeoutMs,
    progress: progress.update,
  }).finally(progress.end);
  if (result.kind === 'busy') {
    context.stdout('Another process is cleaning the cache\n');
    return 0;
  }
  const status = statusAfter(context, result);
  if (status === 0) context.stdout('Cache cleaned\n');
  return status;
}
