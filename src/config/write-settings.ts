import { renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFileSync } from '../util/atomic-file.ts';
import { withCacheUmask } from '../util/cache-umask.ts';
import { withFileLock } from '../util/file-lock.ts';
import { statIfThere } from '../util/file-stat.ts';
import { BrokenJsonError, stableStringify } from '../util/json.ts';
import { makeFolder } from '../util/make-folder.ts';
import { modeForAll } from '../util/own-folder.ts';
import { withoutUserInfo } from '../util/redact.ts';
import {
  type MAXIMUM_CACHE_SIZE,
  type ParsedSettings,
  parseSettingsFile,
  settingsLockOf,
} from './settings-file.ts';
import { isVariableName, VARIABLES, type VariableName, type VariableRow } from './variables.ts';

/** What is changed in the file: a new value for a name, or undefined to remove it. */
export type SettingsChange = Readonly<
  Partial<Record<VariableName | typeof MAXIMUM_CACHE_SIZE.name, unknown>>
>;

export interface SettingsWriting {
  readonly change: SettingsChange;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly timeoutMs: number;
}

/** What became of the file. */
export interface WrittenSettings {
  /** A copy of the old file, if it could not be read or had comments. */
  readonly oldFile: string | undefined;
  /** Whether the file had a value for each changed name before. */
  readonly hadAll: boolean;
}

/** For the owner only. */
const PRIVATE = 0o600;

/**
 * Changes the settings file in one step, and keeps everything else in it. Creates the folder if it is missing. Throws a
 * `LockTimeoutError` and system errors.
 */
export async function changeSettings(
  settingsFile: string,
  { change, timeoutMs }: SettingsWriting,
): Promise<WrittenSettings> {
  withCacheUmask(() => makeFolder(dirname(settingsFile)));
  return withFileLock(settingsLockOf(settingsFile), timeoutMs, (stillHeld) => {
    const mode = isSecret(change) ? PRIVATE : (modeOf(settingsFile) ?? modeForAll(dirname(settingsFile)));
    const { values, oldFile } = oldSettings(settingsFile);
    const hadAll = Object.keys(change).every((name) => values[name] !== undefined);
    // A name that is changed to undefined is left out by the encoder.
    const text = stableStringify({ ...values, ...change });
    replaceFileSync(settingsFile, text, stillHeld, mode);
    return { oldFile, hadAll };
  });
}

/** True also for the address of a store with a password or a token in it. */
function isSecret(change: SettingsChange): boolean {
  return Object.entries(change).some(([name, value]) => {
    if (typeof value !== 'string' || !isVariableName(name)) return false;
    const row: VariableRow = VARIABLES[name];
    return row.isSecret === true || withoutUserInfo(value) !== value;
  });
}

function modeOf(file: string): number | undefined {
  const stat = statIfThere(file);
  return stat?.isFile() ? stat.mode & 0o777 : undefined;
}

/** A file that somebody wrote by hand is kept under another name if the new one does not hold all that is in it. */
function oldSettings(file: string): Pick<ParsedSettings, 'values'> & Pick<WrittenSettings, 'oldFile'> {
  let parsed: ParsedSettings | undefined;
  try {
    parsed = parseSettingsFile(file) ?? { values: {}, hasComments: false };
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
  }
  if (parsed && !parsed.hasComments) return { values: parsed.values, oldFile: undefined };
  const oldFile = `${file}.old`;
  renameSync(file, oldFile);
  return { values: parsed?.values ?? {}, oldFile };
}
