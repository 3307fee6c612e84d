/** Which files a call may write that is handed to the compiler as it came, as far as its words tell. */
import { absoluteFile, hasTrailingSeparator, pathRules } from '../util/paths.ts';
import type { CommandLineHost } from './compile-call.ts';
import { baseName, withSuffix } from './file-name.ts';
import type { Item } from './items.ts';
import type { OptionEffect } from './option-row.ts';
import { parseCommandLine } from './parse.ts';

type Host = Omit<CommandLineHost, 'family' | 'clangVersion'>;

/** What compilers end the names of their outputs with. */
const SUFFIXES = [
  ...['obj', 'o', 'asm', 'cod', 's', 'sbr', 'xdc', 'json', 'd', 'dwo', 'dia', 'gcno', 'su', 'opt.yaml'],
  ...['i', 'ii', 'bc', 'll', 'ifc', 'pch'],
];

/** Effects whose values may name an output, or a folder for outputs. What is refused may do anything. */
const NAMES_OUTPUT: ReadonlySet<OptionEffect['kind']> = new Set([
  'object',
  'output',
  'databaseName',
  'precompiledHeader',
  'refuse',
]);

/** The longest name of an option that may have its value glued on. */
const LONGEST_NAME = 24;

/**
 * Absolute paths that such a call may write to, most of which it does not: the words as either family of compilers reads
 * them, each value of an option that names an output, and whatever may be called after a source, in every folder that is
 * named. Sources are not among them.
 */
export function possibleOutputs(args: readonly string[], host: Host): string[] {
  const paths = new Set<string>();
  const sources = new Set<string>();
  for (const family of ['cl', 'clang-cl'] as const) {
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
  // `/Fo:` and `/Fo` are one to newer versions.
  return [item.value, item.value.replace(/^[:=]/, ''), ...values].filter((value) => value !== '');
}

/** What may be the value in a word whose option is not known. */
function tailsOf(word: string): string[] {
  if (!/^[-/]/.test(word)) return [word];
  return Array.from({ length: Math.min(word.length, LONGEST_NAME) }, (_, at) => word.slice(at + 2)).filter(
    (tail) => tail !== '',
  );
}

function absolute({ style, workingDirectory }: Host, path: string): string {
  return absoluteFile(style, workingDirectory, path);
}
