/** `config.txt` in the cache folder, shared with the Python clcache: `{"MaximumCacheSize": 1073741824}`. */

import { BrokenJsonError, isJsonObject, readJsonFile } from '../util/json.ts';

/** The largest file that is read, in bytes. */
export const MAXIMUM_SIZE_OF_SETTINGS = 64 * 1024;

/** The one value in the file that clcache reads and writes: the limit of the cache, in bytes. Others are kept. */
export const MAXIMUM_CACHE_SIZE = {
  name: 'MaximumCacheSize',
  default: 1_073_741_824,
  isValid: (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
} as const;

export interface SettingsInFile {
  /** The limit of the cache, in bytes. */
  readonly maximumSize: number;
  /** What is wrong with the file, for stderr. The defaults are used then. */
  readonly problem?: string;
}

/** Reads the settings. A missing file means the defaults. A broken file does as well, and `problem` says so. */
export function readSettings(settingsFile: string): SettingsInFile {
  const usual = { maximumSize: MAXIMUM_CACHE_SIZE.default };
  try {
    const values = readJsonFile(settingsFile, MAXIMUM_SIZE_OF_SETTINGS);
    if (values === undefined) return usual;
    const size = isJsonObject(values) ? (values[MAXIMUM_CACHE_SIZE.name] ?? usual.maximumSize) : undefined;
    if (MAXIMUM_CACHE_SIZE.isValid(size)) return { maximumSize: size };
    return { ...usual, problem: new BrokenJsonError(settingsFile).message };
  } catch (error) {
    return { ...usual, problem: error instanceof Error ? error.message : String(error) };
  }
}
