import { clear } from '../../storage/local/evict.ts';
import type { CliContext } from '../context.ts';
import { removeWhenFree, statusAfter } from '../removing.ts';

/** `clcache -C`: empties the cache. Hits, misses and settings stay. */
export async function clearCache(context: CliContext): Promise<number> {
  const result = await removeWhenFree(context, { title: 'Clearing the cache', run: clear });
  if (result.kind === 'busy') {
    context.stderr('clcache: another process is cleaning the cache; it was not cleared\n');
    return 1;
  }
  if (result.refused !== undefined) return statusAfter(context, result);
  if (result.after.entries > 0) {
    context.stderr(`clcache: ${result.after.entries} entries are in use and were not removed\n`);
    return 1;
  }
  context.stdout('Cache cleared\n');
  return 0;
}
