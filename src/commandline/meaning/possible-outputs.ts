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
const SUFFIXES = [
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

/**
 * Absolute paths that such a call may write to. Most of them it does not. They come from the words as either family
 * reads them, from each value of an option that names an output, and from the names of sources in every folder that is
 * named. Sources are not among them.
 */
export function possibleOutputs(args: readonly string[], host: Host): string[] {
  const paths = new Set<string>();
  const sources = new Set<string>();
  for (const family of ALL_FAMILIES) {
    const line = parseCommandLine(args, { ...host, family, clangVersion: undefined });
    const items = line.kind === 'parsed' ? line.items : [];
    const inputs = items.filter((item) => item.kind === 'input');
    for (const { path, language } of inputs) if (language !== undefined) sources.add(absolute(host, path));
    const values = line.kind === 'parsed' ? items.flatMap(valuesOf) : args.flatMap(tailsOf);
    const names = namesOf(
      inputs.map(({ path }) => path),
      values,
      host,
    );
    for (const name of names) paths.add(absolute(host, name));
  }
  return [...paths].filter((path) => !sources.has(path));
}

function namesOf(inputs: readonly string[], values: readonly string[], { style }: Host): string[] {
  const { dirname, join } = pathRules(style);
  const folders = new Set(
    values.map((value) => (hasTrailingSeparator(style, value) ? value : dirname(value))),
  );
  const beside = inputs.flatMap((input) => {
    const base = baseName(input, style);
    const names = SUFFIXES.flatMap((suffix) => [withSuffix(base, suffix, style), `${base}.${suffix}`]);
    return names.flatMap((name) => [name, ...Array.from(folders, (folder) => join(folder, name))]);
  });
  return [
    ...values,
    ...values.flatMap((value) => SUFFIXES.map((suffix) => withSuffix(value, suffix, style))),
    ...beside,
  ];
}

function valuesOf(item: Item): string[] {
  // An option that one of the families does not know may be taken for an input.
  if (item.kind === 'input') return item.language === undefined ? tailsOf(item.path) : [];
  if (!NAMES_OUTPUT.has(item.row.effect.kind)) return [];
  const values = item.row.effect.kind === 'refuse' ? item.tokens.flatMap(tailsOf) : [];
  // `/Fo:` and `/Fo` are the same to newer versions.
  return [item.value, item.value.replace(/^[:=]/, ''), ...values].filter((value) => value !== '');
}

/** The possible values in a word whose option is unknown. */
function tailsOf(word: string): string[] {
  if (!/^[-/]/.test(word)) return [word];
  return Array.from({ length: Math.min(word.length, LONGEST_NAME) }, (_, at) => word.slice(at + 2)).filter(
    (tail) => tail !== '',
  );
}

function absolute({ style, workingDirectory }: Host, path: string): string {
  return absoluteFile(style, workingDirectory, path);
}
