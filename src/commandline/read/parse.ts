/** Reads arguments as the compiler does: options with their values, and sources, in order. */

import type { CommandLineHost } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { suffixOf } from '../file-name.ts';
import { type Language, languageOfSuffix } from '../languages.ts';
import { findOptions, isSeparable, type OptionMatch } from '../options/lookup.ts';
import { HASH, type OptionEffect, type OptionRow } from '../options/row.ts';
import { effectOfUnknown, UNKNOWN } from '../options/safe.ts';
import type { InputItem, Item, OptionItem, ParsedLine, WordItem } from './items.ts';
import { readWords } from './words.ts';

/** Words of a line that belong together, and what they mean: an option with its value, several options, a source. */
export interface LinePart {
  readonly words: readonly string[];
  readonly items: readonly (Item | WordItem)[];
}

/** Reads a whole line that includes `CL`, `_CL_` and response files. */
export function parseCommandLine(args: readonly string[], host: CommandLineHost): ParsedLine {
  const line = partsOfLine(args, host);
  if (line.kind === 'missingValue') return line;
  const items: (Item | WordItem)[] = [];
  for (const part of line.parts) for (const item of part.items) items.push(item);
  return readWords(items, host);
}

/** The parts of a whole line, in order. Together their words are the line. */
export function partsOfLine(
  args: readonly string[],
  host: CommandLineHost,
):
  | { readonly kind: 'parts'; readonly parts: readonly LinePart[] }
  | Extract<ParsedLine, { readonly kind: 'missingValue' }> {
  const parts: LinePart[] = [];
  for (let at = 0; at < args.length; ) {
    const argument = args[at] as string;
    if (argument === '--' && factsOf(host).hasOptionsEnd) {
      const items = args.slice(at + 1).map((path) => inputItem(path, ['--', path], host));
      parts.push({ words: args.slice(at), items });
      break;
    }
    const matches = isAlone(argument, host) ? undefined : findOptions(host, argument);
    if (!matches) {
      parts.push({ words: [argument], items: [singleItem(argument, host)] });
      at += 1;
      continue;
    }
    const taken = takeOption(matches, { args, at }, host);
    if (!taken) return { kind: 'missingValue', option: argument };
    parts.push({ words: args.slice(at, at + taken.count), items: taken.items });
    at += taken.count;
  }
  return { kind: 'parts', parts };
}

/** True for a source, and for a word that this clang-cl ignores, whatever the table knows of it. */
function isAlone(argument: string, host: CommandLineHost): boolean {
  return isInput(argument, host) || (host.ignoredWords?.has(argument) ?? false);
}

/** A source, or a word that is no option of the table. */
function singleItem(argument: string, host: CommandLineHost): Item {
  if (isInput(argument, host)) return inputItem(argument, inputTokens(argument, host), host);
  if (host.ignoredWords?.has(argument)) return wordAsItIs(argument, HASH);
  const effect = effectOfUnknown(argument, host);
  return mayBePath(argument, effect, host)
    ? inputItem(argument, [argument], host)
    : wordAsItIs(argument, effect);
}

/** The language of a file by its suffix. Undefined if the compiler does not take it for a source by itself. */
export function sourceLanguage(
  path: string,
  host: Pick<CommandLineHost, 'family' | 'style'>,
): Language | undefined {
  return languageOfSuffix(factsOf(host), suffixOf(path, host.style));
}

/** True for what cannot be an option, and on POSIX for `/home/x/a.c` although `/h…` is one. */
function isInput(argument: string, host: CommandLineHost): boolean {
  const first = argument.charAt(0);
  if (first === '-') return argument.length === 1;
  if (first !== '/') return true;
  if (host.style !== 'posix') return false;
  return isAbsoluteSource(argument, host);
}

function isAbsoluteSource(argument: string, host: CommandLineHost): boolean {
  return sourceLanguage(argument, host) !== undefined && host.fileExists(argument);
}

/** A slash begins a file name if no option begins so. For cl on POSIX as well, unless the project says otherwise. */
function mayBePath(argument: string, effect: OptionEffect, host: CommandLineHost): boolean {
  if (!argument.startsWith('/')) return false;
  return factsOf(host).takesUnknownSlashForPath || (host.style === 'posix' && effect === UNKNOWN);
}

/** `--` keeps the compiler from reading an absolute path as an option. */
function inputTokens(argument: string, host: CommandLineHost): string[] {
  const needsEnd = argument.startsWith('/') && factsOf(host).hasOptionsEnd;
  return needsEnd && findOptions(host, argument) ? ['--', argument] : [argument];
}

function inputItem(path: string, tokens: readonly string[], host: CommandLineHost): InputItem {
  return { kind: 'input', path, language: sourceLanguage(path, host), isNamedSource: false, tokens };
}

/** A word that the table does not know. */
function wordAsItIs(argument: string, effect: OptionEffect): OptionItem {
  const row: OptionRow = { name: argument, prefix: '-', form: 'flag', effect };
  return { kind: 'option', row, value: '', name: argument, tokens: [argument], level: 'line' };
}

function takeOption(
  matches: readonly OptionMatch[],
  { args, at }: { readonly args: readonly string[]; readonly at: number },
  host: CommandLineHost,
): { items: (Item | WordItem)[]; count: number } | undefined {
  const items: (Item | WordItem)[] = [];
  const argument = args[at] as string;
  let count = 1;
  for (const { row, rest } of matches) {
    let value = rest;
    let tokens: readonly string[] = items.length === 0 ? [argument] : [];
    if (row.form === 'rest') {
      count = args.length - at;
      tokens = args.slice(at);
    } else if (rest === '' && isSeparable(row.form)) {
      const next = args[at + 1];
      if (next === undefined || !canBeValue(row, next, host)) return undefined;
      value = next;
      tokens = [argument, next];
      count = 2;
    } else if (rest === '' && row.form === 'joined') {
      return undefined;
    }
    items.push(asItem(row, value, tokens));
  }
  return { items, count };
}

/** If an argument looks like an option, cl says that the value before it is missing, except for files and folders. */
function canBeValue(row: OptionRow, next: string, host: CommandLineHost): boolean {
  if (factsOf(host).takesOptionForValue) return true;
  if (row.effect.kind === 'searchDirectory' || row.effect.kind === 'source') return true;
  return !/^[-/]./.test(next) || host.style === 'posix';
}

function asItem(row: OptionRow, value: string, tokens: readonly string[]): Item | WordItem {
  const { effect } = row;
  if (effect.kind === 'driverWord') return { kind: 'word', level: 'driver', word: value, tokens };
  if (effect.kind === 'frontendWord') return { kind: 'word', level: 'frontend', word: value, tokens };
  if (effect.kind === 'source') {
    return { kind: 'input', path: value, language: effect.language, isNamedSource: true, tokens };
  }
  const name = (row.prefix === '/-' ? '/' : '-') + row.name;
  return { kind: 'option', row, value, name, tokens, level: 'line' };
}
