/** Decides whether a line is for clcache itself or for the compiler. Loads nothing else for that. */
import { isModifier, OPTION_ROWS, type OptionRow } from './options.ts';

export type Dispatch =
  | { readonly kind: 'own'; readonly argv: readonly string[] }
  | { readonly kind: 'compile' };

/**
 * A line is clcache's own if nothing but own options and their values is on it: `clcache -c` cleans, `clcache -c
 * foo.cpp` compiles. An empty line is the compiler's, because build tools start `cl` without arguments to read its
 * version.
 */
export function dispatch(argv: readonly string[]): Dispatch {
  // Every own option begins with a dash. Most compiles end here.
  if (argv[0]?.startsWith('-') !== true) return { kind: 'compile' };
  const rows = ownRows(argv);
  return rows?.some((row) => !isModifier(row)) ? { kind: 'own', argv } : { kind: 'compile' };
}

/** The options on a line of own options, in its order. Undefined if another word is on it. */
export function ownRows(argv: readonly string[]): readonly OptionRow[] | undefined {
  const rows: OptionRow[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const found = ownOption(argv[index] ?? '');
    if (found === undefined) return undefined;
    rows.push(found.row);
    if (found.row.value !== undefined && !found.hasValue && isValueOf(found.row, argv, index + 1)) index += 1;
    if (found.row.values !== undefined) while (isName(argv[index + 1])) index += 1;
  }
  return rows;
}

/**
 * A single option, or one with few words after it, from which no compiler makes an object. The dash may be a
 * typographic one.
 */
const LONE_OPTION = /^(?:--?[a-zA-Z]+(?:[-_][a-z]+)*(?:=.*)?|[\u2010-\u2015].*)$/;
const WORDS_OF_A_SLIP = 3;

/** True for a line that may be a mistyped own option (`--stat`, `--stats all`). Another module examines it further. */
export function mayBeMistaken(argv: readonly string[]): boolean {
  const [first = ''] = argv;
  const isLone = argv.length <= WORDS_OF_A_SLIP && LONE_OPTION.test(first);
  const isOurs = first.startsWith('--') && ownOption(first) !== undefined;
  return (isLone || isOurs) && dispatch(argv).kind === 'compile';
}

/** The row of an option, and whether its value is in the same word. */
export function ownOption(word: string): { row: OptionRow; hasValue: boolean } | undefined {
  for (const row of OPTION_ROWS) {
    if (word === row.long || word === row.short) return { row, hasValue: false };
    if ((row.value ?? row.values) !== undefined && word.startsWith(`${row.long}=`))
      return { row, hasValue: true };
    if (row.attached?.test(word)) return { row, hasValue: true };
  }
  return undefined;
}

/** A word that is no option can be one of several values. */
function isName(word: string | undefined): boolean {
  return word !== undefined && !/^[-\u2010-\u2015]/.test(word);
}

/**
 * The word after an option with a value is that value. If the option is the compiler's as well, the word must look like
 * a value in a longer line.
 */
function isValueOf(row: OptionRow, argv: readonly string[], index: number): boolean {
  const value = argv[index];
  if (value === undefined || (row.isValueOptional && !isName(value))) return false;
  const isWholeLine = index === 1 && argv.length === 2;
  return row.valueInLongLine === undefined || isWholeLine || row.valueInLongLine.test(value);
}
