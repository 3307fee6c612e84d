/**
 * `config.txt` in the cache folder: the Python clcache's file, with its limit, and besides it variables of clcache:
 *
 *     {"CLCACHE_PDB": "per-object", "MaximumCacheSize": 1073741824}
 *
 * Every call reads it, so that it works where nobody can set variables. Editors add marks and comments, which do no harm.
 */
import { reasonOf } from '../diagnostics/errors.ts';
import { statIfThere } from '../util/file-stat.ts';
import { BrokenJsonError, isJsonObject, parseJson } from '../util/json.ts';
import { markedText } from '../util/marked-text.ts';
import { quoted } from '../util/one-line.ts';
import { readOwnFile, UnfitFileError } from '../util/own-file.ts';
import { isVariableName, VARIABLES, type VariableName, type VariableRow } from './variables.ts';

export const SETTINGS_FILE = 'config.txt';

/** The largest file that is read, in bytes. */
export const MAXIMUM_FILE_SIZE = 64 * 1024;

/** The limit of the cache, in bytes. */
export const MAXIMUM_CACHE_SIZE = {
  name: 'MaximumCacheSize',
  default: 1_073_741_824,
  isValid: (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
} as const;

export interface SettingsInFile {
  /** The limit of the cache, in bytes. */
  readonly maximumSize: number;
  /** True if the file says it. */
  readonly hasMaximumSize: boolean;
  /** Variables that the file sets. Those of the environment win. */
  readonly variables: Readonly<Partial<Record<VariableName, string>>>;
  /** What is wrong with the file as a whole, or with the limit. The defaults are used then, for the one or the other. */
  readonly problem?: string;
  /** True if it may be a good file that this user must not read. */
  readonly isUnreadable?: true;
  /** What else is odd about it, one line each: names and values that do not count, comments. */
  readonly oddities: readonly string[];
}

/** The text of a settings file as a value. */
export interface ParsedSettings {
  readonly values: Readonly<Record<string, unknown>>;
  readonly hasComments: boolean;
}

const NOTHING: SettingsInFile = {
  maximumSize: MAXIMUM_CACHE_SIZE.default,
  hasMaximumSize: false,
  variables: {},
  oddities: [],
};

/** The settings file of a cache folder. */
export function settingsFileIn(cacheDirectory: string): string {
  return `${cacheDirectory}/${SETTINGS_FILE}`;
}

/** The lock under which a settings file is written. */
export function settingsLockOf(settingsFile: string): string {
  return `${settingsFile}.lock`;
}

/** Reads the settings. A missing file means the defaults. A broken one does as well, and `problem` says so. */
export function readSettings(settingsFile: string): SettingsInFile {
  try {
    const parsed = parseSettingsFile(settingsFile);
    return parsed === undefined ? NOTHING : settingsIn(parsed, settingsFile);
  } catch (error) {
    if (error instanceof BrokenJsonError) return { ...NOTHING, problem: error.message };
    return {
      ...NOTHING,
      isUnreadable: true,
      problem: `${settingsFile} cannot be read: ${reasonOf(error)}`,
    };
  }
}

/** What a settings file holds. Undefined if there is none. Throws a `BrokenJsonError` and system errors. */
export function parseSettingsFile(settingsFile: string): ParsedSettings | undefined {
  if (statIfThere(settingsFile) === undefined) return undefined;
  const text = readText(settingsFile);
  const strict = parseJson(text);
  const values = strict ?? parseJson(withoutComments(text));
  if (!isJsonObject(values)) throw new BrokenJsonError(settingsFile);
  return { values, hasComments: strict === undefined };
}

/**
 * The beginning of a text that may be a name, and whether something follows: the value, if a `:` or a blank was written
 * for the `=`, and it may be a secret.
 */
export function shownName(text: string): { readonly name: string; readonly isCut: boolean } {
  const [word = ''] = /^\w{0,60}/.exec(text) ?? [];
  const variable = Object.keys(VARIABLES)
    .filter((name) => word.toUpperCase().startsWith(name))
    .sort((one, other) => other.length - one.length)[0];
  const name = variable ?? word;
  return { name, isCut: name.length < text.length };
}

/** Why a variable of this name cannot be set in the file. Undefined if it can. */
export function whyNotInFile(text: string): string | undefined {
  if (!isVariableName(text)) {
    const { name, isCut } = shownName(text);
    return `${name}${isCut ? '...' : ''} is not a variable of clcache`;
  }
  const name = text;
  const { notInFile }: VariableRow = VARIABLES[name];
  return notInFile && `${name} cannot be set in ${SETTINGS_FILE}: ${notInFile}`;
}

function settingsIn({ values, hasComments }: ParsedSettings, file: string): SettingsInFile {
  const variables: Partial<Record<VariableName, string>> = {};
  const oddities = hasComments ? [`${file} has comments, which are lost when clcache writes it`] : [];
  for (const [spelled, value] of Object.entries(values)) {
    if (spelled === MAXIMUM_CACHE_SIZE.name) continue;
    const name = spelled.toUpperCase();
    const because = whyNotInFile(name);
    const text = textOf(value);
    if (because !== undefined || !isVariableName(name)) oddities.push(`${file}: ${because}`);
    else if (text === undefined) oddities.push(`${file}: the value of ${name} is not a text`);
    else variables[name] = text;
  }
  const size = values[MAXIMUM_CACHE_SIZE.name] ?? undefined;
  if (size === undefined) return { ...NOTHING, variables, oddities };
  if (MAXIMUM_CACHE_SIZE.isValid(size))
    return { maximumSize: size, hasMaximumSize: true, variables, oddities };
  const problem = `${file}: ${MAXIMUM_CACHE_SIZE.name} is not a number of bytes above 0: ${quoted(JSON.stringify(size))}`;
  return { ...NOTHING, variables, oddities, problem };
}

/** A variable holds text, in which no NUL can be. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && !value.includes('\0') ? value : undefined;
}

function readText(file: string): string {
  try {
    return markedText(readOwnFile(file, MAXIMUM_FILE_SIZE));
  } catch (error) {
    if (error instanceof UnfitFileError) throw new BrokenJsonError(file, error);
    throw error;
  }
}

/** Blanks in place of comments. What stands in quotes stays. */
function withoutComments(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|#[^\r\n]*/g, (found) =>
    found.startsWith('"') ? found : ' ',
  );
}
