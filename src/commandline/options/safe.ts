/** Unknown options, and those of them that a project declares safe (CLCACHE_SAFE_OPTIONS). */
import type { CommandLineHost } from '../compile-call.ts';
import { type OptionEffect, refuse } from './row.ts';

/** Neither in the table nor declared safe. */
export const UNKNOWN = refuse('is not in the table of known options');
const NAMES_FILE = refuse(
  'is in CLCACHE_SAFE_OPTIONS, but seems to name a file, which the cache would not know of',
);

const DECLARED: OptionEffect = { kind: 'hash', isUnknown: true };

/**
 * The effect of an option without a row: its text is part of the key if the project declares it safe, else the call is
 * refused. `option` is spelled as in that list, `/clang:-x` and `-Xclang=-x` for words that are handed on. An option
 * that seems to name a file is never safe.
 */
export function effectOfUnknown(option: string, host: CommandLineHost): OptionEffect {
  const spelled = dashed(option);
  const entry = host.safeOptions?.map(dashed).find((one) => covers(one, spelled));
  if (entry === undefined) return UNKNOWN;
  return valuesIn(spelled, entry).some((value) => seemsToNameFile(value, host)) ? NAMES_FILE : DECLARED;
}

/** `/x` and `-x` are the same. */
function dashed(option: string): string {
  return option.replace(/^\//, '-');
}

function covers(entry: string, option: string): boolean {
  return entry.endsWith('*') ? option.startsWith(entry.slice(0, -1)) : option === entry;
}

/** The possible values: the text for the `*`, and the parts between `=`, `:` and commas. */
function valuesIn(option: string, entry: string): string[] {
  const bare = option.replace(/^-(?:clang:|Xclang=|mllvm=)?/, '');
  const rest = entry.endsWith('*') ? [option.slice(entry.length - 1)] : [];
  return [...rest, ...bare.split(/[=,;]/).slice(1), ...bare.split(/[=:,;]/).slice(1)];
}

function seemsToNameFile(value: string, { fileExists, folderExists }: CommandLineHost): boolean {
  if (value === '') return false;
  if (value === '-' || value === '.' || value === '..') return true;
  return /[\\/@]|\.[a-z]\w*$/i.test(value) || fileExists(value) || folderExists(value);
}
