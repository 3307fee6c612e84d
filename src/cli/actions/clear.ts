import { cleanAndCount } from '../../compile/clean-cache.ts';
import { type CleanResult, clear } from '../../storage/local/evict.ts';
import type { CliContext } from '../context.ts';
import { progressLine } from '../progress.ts';

/** How long to wait before trying again while another process is cleaning. */
const PAUSE_MS = 100;

/** `clcache -C`: empties the cache. Hits, misses and settings stay. */
export async function clearCache(context: CliContext): Promise<number> {
  const deadline = performance.now() + context.config.lockTimeoutMs;
  let result = await tryToClear(context);
  while (result.kind === 'busy' && performance.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
    result = await tryToClear(context);
  }
  if (result.kind === 'busy') {
    context.stderr('clcache: another process is cleaning the cache; it was not cleared\n');
    return 1;
  }
  if (result.after.entries > 0) {
    context.stderr(`clcache: ${result.after.entries} entries are in use and were not removed\n`);
    return 1;
  }
  context.stdout('Cache cleared\n');
  return 0;
}

function tryToClear(context: CliContext): Promise<CleanResult> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const progress = progressLine(context, 'Clearing the cache');
  return cleanAndCount(clear, {
    cacheDirectory,
    timeoutMs: lockTimeoutMs,
    progress: progress.update,
  }).finally(progress.end);
}
