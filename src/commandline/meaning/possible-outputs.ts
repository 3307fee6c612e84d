/** Finds the files that a call may write that is passed on unchanged, as far as its words show. */

import { absoluteFile, hasTrailingSeparator, pathRules } from '../../util/paths.ts';
import type { CommandLineHost } from '../compile-call.ts';
import { ALL_FAMILIES } from '../family.ts';
import { baseName, withSuffix } from '../file-name.ts';
import type { OptionEffect } from '../options/row.ts';
import type { Item } from '../read/items.ts';
import { parseCommandLine } from '../read/parse.ts';

type Host = Omit<CommandLineHost, 'family' | 'clangVersion'>;

/** The suffixes of compilers' outputs. */
export const OUTPUT_SUFFIXES: readonly string[] = [
  ...['obj', 'o', 'asm', 'cod', 's', 'sbr', 'xdc', 'json', 'd', 'dwo', 'dia', 'gcno', 'su', 'opt.yaml'],
  ...['i', 'ii', 'bc', 'll', 'ifc', 'pch', 'pdb', 'obj.pdb'],
];

/** Effects whose values may name an output, or a folder for outputs. A refused option may do anything. */
const NAMES_OUTPUT: ReadonlySet<OptionEffect['kind']> = new Set([
  'object',
  'output',
  'databaseName',
  'precompiledHeader',
  'refuse',
]);

/** The longest name of an option with an attached value. */
const LONGEST_NAME = 24;

/** Absolute paths. */
export interface PossibleOutputs {
  readonly paths: ReadonlySet<string>;
  /** Each of these with a dot and one of `OUTPUT_SUFFIXES` behind it. */
  readonly stems: ReadonlySet<string>;
  /** Never written, also if they are among the others. */
  readonly sources: ReadonlySet<string>;
}

/**
 * What such a call may write to. Most of it does not. It comes from the words as either family reads them, from each value
 * of an option that names an output, and from the names of sources in every folder that is named.
 */
export function possibleOutputs(args: readonly string[], host: Host): PossibleOutputs {
  const paths = new Set<string>();
  const stems = new Set<string>();
  const sources = new Set<string>();
  for (const family of ALL_FAMILIES) {
    const line = parseCommandLine(args, { ...host, family, clangVersion: undefined });
    const items = line.kind === 'parsed' ? line.items : [];
    const inputs = items.filter((item) => item.kind === 'input');
    for (const { path, language } of inputs) if (language !== undefined) sources.add(absolute(host, path));
    const values = new Set(line.kind === 'parsed' ? items.flatMap(valuesOf) : args.flatMap(tailsOf));
    for (const value of values) {
      paths.add(absolute(host, value));
      stems.add(stemIn(host, '', stemOf(value, host)));
    }
    const named = inputs.map(({ path }) => baseName(path, host.style));
    const stemsOfInputs = new Set(named.flatMap((name) => [name, stemOf(name, host)]));
    for (const folder of foldersOf(values, host)) {
      for (const stem of stemsOfInputs) stems.add(stemIn(host, folder, stem));
    }
  }
  return { paths, stems, sources };
}

/** The folders that the values name or are in, and '' for the working folder. */
function foldersOf(values: Iterable<string>, { style }: Host): Set<string> {
  const { dirname } = pathRules(style);
  const folders = Array.from(values, (value) =>
    hasTrailingSeparator(style, value) ? value : dirname(value),
  );
  return new Set(['', ...folders]);
}

function stemOf(path: string, { style }: Host): string {
  return withSuffix(path, '', style).slice(0, -1);
}

/** Made absolute with a suffix, since a stem may be empty, or look like a folder (`..`). */
function stemIn(host: Host, folder: string, stem: string): string {
  const name = `${stem}${ANY_SUFFIX}`;
  const path = folder === '' ? name : pathRules(host.style).join(folder, name);
  return absolute(host, path).slice(0, -ANY_SUFFIX.length);
}
const ANY_SUFFIX = '.x';

function valuesOf(item: Item): string[] {
  // An option that one of the families does not know may be taken for an input.
  if (item.kind === 'input') return item.language === undefined ? tailsOf(item.path) : [];
  if (!NAMES_OUTPUT.has(item.row.effect.kind)) return [];
  const values = item.row.effect.kind === 'refuse' ? item.tokens.flatMap(tailsOf) : [];
  // `/Fo:` and `/Fo` are the same to newer versions.
  return [item.value, item.value.replace(/^[:=]/, ''), ...values].filter((value) => value !== '');
}

/** The possible values in a word whose option is unknown, or which may be an operand (`dd of=a.o`). */
function tailsOf(word: string): string[] {
  if (!/^[-/]/.test(word)) {
    const value = word.slice(word.indexOf('=') + 1);
    return value === '' ? [word] : [...new Set([word, value])];
  }
  return Array.from({ length: Math.min(word.length, LONGEST_NAME) }, (_, at) => word.slice(at + 2)).filter(
    (tail) => tail !== '',
  );
}

function absolute({ style, workingDirectory }: Host, path: string): string {
  return absoluteFile(style, workingDirectory, path);
}
