import { BrokenJsonError, isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';
import { writeFileAtomicSync } from '../util/whole-file.ts';
import { MAXIMUM_CACHE_SIZE, MAXIMUM_SIZE_OF_SETTINGS } from './settings-file.ts';

/** Sets the limit in bytes, and keeps everything else in the file. Throws system errors. */
export function writeMaximumSize(settingsFile: string, maximumSize: number): void {
  writeFileAtomicSync(
    settingsFile,
    stableStringify({ ...otherSettings(settingsFile), [MAXIMUM_CACHE_SIZE.name]: maximumSize }),
  );
}

function otherSettings(settingsFile: string): Readonly<Record<string, unknown>> {
  try {
    const value = readJsonFile(settingsFile, MAXIMUM_SIZE_OF_SETTINGS);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof BrokenJsonError) return {};
    throw error;
  }
}
