/** Decides whether a line is for clcache itself or for the compiler; nothing more is loaded for that. */
import { OPTION_ROWS, OPTIONS, type OptionRow } from './options.ts';

export type Dispatch =
  | { readonly kind: 'own'; readonly argv: readonly string[] }
  | { readonly kind: 'compile' };

/** `-M1000`, `-M=1000`; `-MD` and its like are the compiler's. */
const SIZE_ATTACHED = /^-M(?:=|\d)/;
const LOOKS_LIKE_SIZE = /^\s*[+-]?\d/;

/**
 * A line is ours if nothing but own options and what belongs to them is on it: `clcache -c` cleans, `clcache -c foo.cpp`
 * compiles. An empty line is the compiler's: build tools start `cl` bare to read its version.
 */
export function dispatch(argv: readonly string[]): Dispatch {
  // So does every own option; most lines of compilers do not get further.
  if (argv[0]?.startsWith('-') !== true) return { kind: 'compile' };
  let actions = 0;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const found = ownOption(word);
    if (found === undefined) return { kind: 'compile' };
    if (found.row.belongsTo === undefined) actions += 1;
    if (found.row.value !== undefined && !found.hasValue && isValueOf(found.row, argv, index + 1)) index += 1;
  }
  return actions > 0 ? { kind: 'own', argv } : { kind: 'compile' };
}

/** An option by itself or with little behind it, which no compiler would make an object of. Dashes may be typographic. */
const LONE_OPTION = /^(?:--?[a-zA-Z]+(?:[-_][a-z]+)*(?:=.*)?|[\u2010-\u2015].*)$/;
const WORDS_OF_A_SLIP = 3;

/** True for a line that is worth a look for a slip (`--stat`, `--stats all`), which takes a module of its own. */
export function mayBeMistaken(argv: readonly string[]): boolean {
  const [first = ''] = argv;
  const isLone = argv.length <= WORDS_OF_A_SLIP && LONE_OPTION.test(first);
  const isOurs = first.startsWith('--') && ownOption(first) !== undefined;
  return (isLone || isOurs) && dispatch(argv).kind === 'compile';
}

/** The row of a word, and whether a value is attached to the word. */
export function ownOption(word: string): { row: OptionRow; hasValue: boolean } | undefined {
  if (SIZE_ATTACHED.test(word)) return { row: OPTIONS.setSize, hasValue: true };
  for (const row of OPTION_ROWS) {
    if (word === row.long || word === row.short) return { row, hasValue: false };
    if (row.value !== undefined && word.startsWith(`${row.long}=`)) return { row, hasValue: true };
  }
  return undefined;
}

/**
 * Whatever follows an option with a value is that value. Only `-M` is the compiler's too: what follows it on a line of
 * more words counts if it looks like a size.
 */
function isValueOf(row: OptionRow, argv: readonly string[], index: number): boolean {
  const value = argv[index];
  if (value === undefined) return false;
  return row !== OPTIONS.setSize || (index === 1 && argv.length === 2) || LOOKS_LIKE_SIZE.test(value);
}
