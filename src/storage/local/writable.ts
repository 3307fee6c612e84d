import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../util/busy-retry.ts';
import { isLink } from '../../util/file-stat.ts';
import { layoutOf } from './layout.ts';

/**
 * Why nothing can be stored in a cache folder, in one line for the log. Undefined if nothing prevents it. Changes
 * nothing.
 */
export function whyNotWritable(cacheDirectory: string): string | undefined {
  const { root, objects, manifests, statistics } = layoutOf(cacheDirectory);
  for (const folder of [root, objects, manifests, statistics.folder]) {
    const because = isLink(folder) ? `${folder} is a link` : refusalOf(folder);
    if (because !== undefined) {
      return `the folder of the cache cannot be written, so nothing is stored: ${because}`;
    }
  }
  return undefined;
}

/** The system's answer to writing into a folder, or into the first existing one above it. */
function refusalOf(folder: string): string | undefined {
  for (let path = folder; ; path = dirname(path)) {
    try {
      // The `/.` makes the question fail for a file in the place of a folder.
      accessSync(`${path}/.`, constants.W_OK);
      return undefined;
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' || path === dirname(path)) return `${code} at ${path}`;
    }
  }
}
