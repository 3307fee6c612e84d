/** `config.txt` in the cache folder, shared with the original: `{"MaximumCacheSize": 1073741824}`. */
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import { BrokenJsonError, isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { DEFAULT_MAXIMUM_SIZE } from './variables.ts';

/** Of the file, in bytes. */
const MAXIMUM_SIZE = 64 * 1024;

export interface Settings {
  /** In bytes. */
  readonly maximumSize: number;
  /** What was wrong with the file, for stderr; the defaults hold then. */
  readonly problem?: string;
}

/** Reads the settings. A missing file means the defaults, and so does a broken one, with `problem` saying so. */
export function readSettings(settingsFile: string): Settings {
  try {
    const value = readJsonFile(settingsFile, MAXIMUM_SIZE);
    const maximumSize = value === undefined ? DEFAULT_MAXIMUM_SIZE : maximumSizeIn(value);
    if (maximumSize !== undefined) return { maximumSize };
    return { maximumSize: DEFAULT_MAXIMUM_SIZE, problem: new BrokenJsonError(settingsFile).message };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { maximumSize: DEFAULT_MAXIMUM_SIZE, problem };
  }
}

/** Sets the limit in bytes, keeping whatever else stands in the file. Throws system errors. */
export function writeMaximumSize(settingsFile: string, maximumSize: number): void {
  writeFileAtomicSync(
    settingsFile,
    stableStringify({ ...otherSettings(settingsFile), MaximumCacheSize: maximumSize }),
  );
}

function maximumSizeIn(value: unknown): number | undefined {
  if (!isJsonObject(value)) return undefined;
  const size = value['MaximumCacheSize'] ?? DEFAULT_MAXIMUM_SIZE;
  return typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

function otherSettings(settingsFile: string): Readonly<Record<string, unknown>> {
  try {
    const value = readJsonFile(settingsFile, MAXIMUM_SIZE);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof BrokenJsonError) return {};
    throw error;
  }
}
