import { cleanAndCount } from '../compile/clean-cache.ts';
import type { CleanResult, ClearOptions } from '../storage/local/evict.ts';
import type { CliContext } from './context.ts';
import { progressLine } from './progress.ts';

/** How long to wait before trying again while another process is cleaning. */
const PAUSE_MS = 100;

export interface Removal {
  readonly title: string;
  readonly run: (options: ClearOptions) => Promise<CleanResult>;
}

/**
 * Removes from the cache with a line of progress, and waits for another process that cleans as long as for any lock. The
 * result is `busy` if it has not ended then.
 */
export async function removeWhenFree(context: CliContext, removal: Removal): Promise<CleanResult> {
  const deadline = performance.now() + context.config.lockTimeoutMs;
  let result = await removeOnce(context, removal);
  while (result.kind === 'busy' && performance.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
    result = await removeOnce(context, removal);
  }
  return result;
}

function removeOnce(context: CliContext, { title, run }: Removal): Promise<CleanResult> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const progress = progressLine(context, title);
  return cleanAndCount(run, { cacheDirectory, timeoutMs: lockTimeoutMs, progress: progress.update }).finally(
    progress.end,
  );
}
