import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './busy-retry.ts';
import { statIfThere } from './file-stat.ts';

/**
 * Makes a folder, and those above it that are missing. Returns the uppermost new one, undefined if there is nothing to
 * make. Throws system errors. The recursive `mkdir` of Node.js 20 never ends where the system says ENOENT below a folder
 * that exists, as in `/proc` and in a deleted folder.
 */
export function makeFolder(path: string, mode?: number): string | undefined {
  try {
    return makeOne(path, mode);
  } catch (error) {
    const above = dirname(path);
    if (errorCode(error) !== 'ENOENT' || above === path) throw error;
    // If the folder above is there, another process has made it since. Or nothing can be made in it, as is seen then.
    const first = isFolder(above) ? undefined : makeFolder(above, mode);
    const own = makeOne(path, mode);
    return first ?? own;
  }
}

/** Makes a folder in one that exists. Undefined if it is there. */
function makeOne(path: string, mode: number | undefined): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    if (isFolder(path)) return undefined;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}
