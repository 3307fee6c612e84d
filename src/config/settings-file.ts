/** `config.txt` in the cache folder, shared with the Python clcache: `{"MaximumCacheSize": 1073741824}`. */

import { BrokenJsonError, isJsonObject, readJsonFile } from '../util/json.ts';
import { DEFAULT_MAXIMUM_SIZE } from './variables.ts';

/** The largest file that is read, in bytes. */
export const MAXIMUM_SIZE_OF_SETTINGS = 64 * 1024;

export interface Settings {
  /** The limit of the cache, in bytes. */
  readonly maximumSize: number;
  /** What is wrong with the file, for stderr. The defaults are used then. */
  readonly problem?: string;
}

/** Reads the settings. A missing file means the defaults. A broken file does as well, and `problem` says so. */
export function readSettings(settingsFile: string): Settings {
  try {
    const value = readJsonFile(settingsFile, MAXIMUM_SIZE_OF_SETTINGS);
    const maximumSize = value === undefined ? DEFAULT_MAXIMUM_SIZE : maximumSizeIn(value);
    if (maximumSize !== undefined) return { maximumSize };
    return { maximumSize: DEFAULT_MAXIMUM_SIZE, problem: new BrokenJsonError(settingsFile).message };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { maximumSize: DEFAULT_MAXIMUM_SIZE, problem };
  }
}

function maximumSizeIn(value: unknown): number | undefined {
  if (!isJsonObject(value)) return undefined;
  const size = value['MaximumCacheSize'] ?? DEFAULT_MAXIMUM_SIZE;
  return typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : undefined;
}
