import { cleanAndCount } from '../compile/clean-cache.ts';
import type { ClearOptions, ClearResult } from '../storage/local/evict.ts';
import type { CliContext } from './context.ts';
import { progressLine } from './progress.ts';

/** How long to wait before trying again while another process is cleaning. */
const PAUSE_MS = 100;

export interface Removal<Result extends ClearResult> {
  readonly title: string;
  readonly run: (options: ClearOptions) => Promise<Result>;
}

/**
 * Removes from the cache with a line of progress, and waits for another process that cleans as long as for any lock. The
 * result is `busy` if it has not ended then.
 */
export async function removeWhenFree<Result extends ClearResult>(
  context: CliContext,
  removal: Removal<Result>,
): Promise<Result> {
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

function removeOnce<Result extends ClearResult>(
  context: CliContext,
  { title, run }: Removal<Result>,
): Promise<Result> {
  const { cacheDirectory, lockTimeoutMs } = context.config;
  const progress = progressLine(context, title);
  return cleanAndCount(run, { cacheDirectory, timeoutMs: lockTimeoutMs, progress: progress.update }).finally(
    progress.end,
  );
}

/** The exit status of what removes from the cache. Says what could not be removed. */
export function statusAfter(context: CliContext, { refused }: { readonly refused?: string }): number {
  if (refused === undefined) return 0;
  context.stderr(`clcache: not everything could be removed: ${refused}\n`);
  return 1;
}
