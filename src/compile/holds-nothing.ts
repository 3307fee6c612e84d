import { readdirSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { isManifestName, layoutOf } from '../storage/local/layout.ts';
import { hasRemotes } from '../storage/open-store.ts';
import { errorCode } from '../util/busy-retry.ts';

/**
 * True if every lookup by files is a miss, whatever its key: no manifest is in the cache folder, and no remote store can
 * have one. Takes a listing of each section, so ask only if a compiler was not met before.
 */
export function holdsNothing(
  config: Pick<Config, 'cacheDirectory' | 'direct' | 'remote' | 'memcached'>,
): boolean {
  if (!config.direct || hasRemotes(config)) return false;
  const { manifests } = layoutOf(config.cacheDirectory);
  return all(manifests, (section) => all(`${manifests}/${section}`, (name) => !isManifestName(name)));
}

/** True if `test` is true for all names in a folder, or if there is no such folder. False if it cannot be listed. */
function all(folder: string, test: (name: string) => boolean): boolean {
  try {
    return readdirSync(folder).every(test);
  } catch (error) {
    return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
  }
}
