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
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    if (isFolder(path)) return undefined;
    const above = dirname(path);
    if (errorCode(error) !== 'ENOENT' || above === path || isFolder(above)) throw error;
    const first = makeFolder(above, mode);
    const own = makeFolder(path, mode);
    return first ?? own;
  }
}

function isFolder(path: string): boolean {
  return statIfThere(path)?.isDirectory() ?? false;
}
