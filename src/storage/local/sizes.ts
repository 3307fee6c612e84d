import { lstatSync, readdirSync } from 'node:fs';
import { errorCode } from '../../util/busy-retry.ts';

/** The bytes that a file takes, or a folder with its files. Links are not followed. A missing file takes none. */
export function bytesBelow(path: string): number {
  const stat = statOf(path);
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => {
    const file = statOf(`${path}/${name}`);
    return sum + (file?.isFile() ? file.size : 0);
  }, 0);
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Windows refuses access to a file that is being deleted.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
