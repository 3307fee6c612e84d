import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { renameWithRetrySync, replaceFileSync } from '../util/atomic-file.ts';
import { errorCode } from '../util/busy-retry.ts';
import { withCacheUmask } from '../util/cache-umask.ts';
import { withFileLock } from '../util/file-lock.ts';
import { isLink, statIfThere } from '../util/file-stat.ts';
import { BrokenJsonError, stableStringify } from '../util/json.ts';
import { makeFolder } from '../util/make-folder.ts';
import { modeForAll } from '../util/own-folder.ts';
import { holdsSecrets, PRIVATE } from './private-settings.ts';
import {
  type MAXIMUM_CACHE_SIZE,
  MAXIMUM_FILE_SIZE,
  type ParsedSettings,
  parseSettingsFile,
  settingsLockOf,
} from './settings-file.ts';
import type { VariableName } from './variables.ts';

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

/** The change cannot be made. Nothing was changed. */
class RefusedChangeError extends Error {
  override readonly name = 'RefusedChangeError';
}

/**
 * Changes the settings file in one step, and keeps everything else in it. A file with a secret in it is its owner's from
 * then on. Creates the folder if it is missing. Throws a `LockTimeoutError`, system errors, and an error that tells the
 * user why the change cannot be made.
 */
export async function changeSettings(
  settingsFile: string,
  { change, timeoutMs }: SettingsWriting,
): Promise<WrittenSettings> {
  withCacheUmask(() => makeFolder(dirname(settingsFile)));
  return withFileLock(settingsLockOf(settingsFile), timeoutMs, (stillHeld) => {
    const old = parsedIfWhole(settingsFile);
    const oldValues = old?.values ?? {};
    const values = { ...withoutChanged(oldValues, change), ...change };
    // A name that is changed to undefined is left out by the encoder.
    const text = stableStringify(values);
    if (Buffer.byteLength(text) > MAXIMUM_FILE_SIZE)
      throw new RefusedChangeError(
        `not set: ${settingsFile} would be larger than ${MAXIMUM_FILE_SIZE} bytes, and such a file is not read`,
      );
    const mode = holdsSecrets(values) ? PRIVATE : (modeOf(settingsFile) ?? modeForAll(dirname(settingsFile)));
    const oldFile = old && !old.hasComments ? undefined : keptCopy(settingsFile);
    replaceFileSync(settingsFile, text, stillHeld, mode);
    const names = new Set(Object.keys(oldValues).flatMap((name) => [name, name.toUpperCase()]));
    return { oldFile, hadAll: Object.keys(change).every((name) => names.has(name)) };
  });
}

/** The case of a variable's name does not matter, and each spelling of it in the file counts. */
function withoutChanged(values: ParsedSettings['values'], change: SettingsChange): ParsedSettings['values'] {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !Object.hasOwn(change, name.toUpperCase())),
  );
}

function modeOf(file: string): number | undefined {
  const stat = statIfThere(file);
  return stat?.isFile() ? stat.mode & 0o777 : undefined;
}

/** What the file holds, nothing if there is none. Undefined if it is broken. */
function parsedIfWhole(file: string): ParsedSettings | undefined {
  try {
    return parseSettingsFile(file) ?? { values: {}, hasComments: false };
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
    return undefined;
  }
}

/**
 * Keeps a file that somebody wrote by hand under another name, where the new one does not hold all that is in it. There
 * may be a secret in what cannot be read, so nobody else may read it.
 */
function keptCopy(file: string): string {
  const oldFile = `${file}.old`;
  if (statIfThere(oldFile)?.isDirectory())
    throw new RefusedChangeError(`not set: ${file} would be kept as ${oldFile}, which is a folder`);
  if (modeOf(file) !== undefined && !isLink(file)) takeRightsOfOthers(file);
  renameWithRetrySync(file, oldFile);
  return oldFile;
}

/** A file of another user keeps its rights. */
function takeRightsOfOthers(file: string): void {
  try {
    chmodSync(file, PRIVATE);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
  }
}
