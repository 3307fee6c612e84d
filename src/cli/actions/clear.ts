import { sizeCorrection } from '../../statistics/statistics.ts';
import { addToStatistics, readStatistics } from '../../statistics/statistics-file.ts';
import { type CleanResult, clear } from '../../storage/local/evict.ts';
import { type Layout, layoutOf } from '../../storage/local/layout.ts';
import type { CliContext } from '../context.ts';
import { progressLine } from '../progress.ts';

/** Between two tries when another process is cleaning. */
const PAUSE_MS = 100;

/** `clcache -C`: empties the cache; hits, misses and settings stay. */
export async function clearCache(context: CliContext): Promise<number> {
  const layout = layoutOf(context.config.cacheDirectory);
  const deadline = performance.now() + context.config.lockTimeoutMs;
  let result = await tryToClear(context, layout);
  while (result.kind === 'busy' && performance.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
    result = await tryToClear(context, layout);
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

async function tryToClear(context: CliContext, layout: Layout): Promise<CleanResult> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const counted = await readStatistics(layout.statistics);
  const progress = progressLine(context, 'Clearing the cache');
  const result = await clear({ cacheDirectory, timeoutMs: lockTimeoutMs, progress: progress.update }).finally(
    progress.end,
  );
  if (result.kind === 'done') {
    await addToStatistics(layout.statistics, sizeCorrection(counted, result.after), lockTimeoutMs);
  }
  return result;
}
