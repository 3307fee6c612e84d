import { CLASS_OF, DIGIT, FOREIGN, LETTER } from './characters.ts';

/** Why the machine stops, and where the token begins that is to be read. All are negative, and rows are not. */
export const STOPS = {
  /** At the current byte. */
  here: -1,
  /** One byte before the current byte, or two. */
  oneBefore: -2,
  twoBefore: -3,
  /** With the name or number that ends before the current byte. */
  word: -4,
  /** The same for a name that may be of interest. */
  name: -5,
  /** At the last quote, apostrophe or hash before the current byte. */
  string: -6,
  character: -7,
  directive: -8,
  /** At the end of the header's name in an include directive. */
  header: -9,
} as const;
/** Subtracted from a stop on the line of a directive. */
export const ON_DIRECTIVE = 16;
/** `LINE - row` goes on in that row. A line with tokens has ended. */
export const LINE = -64;

/** The rows of the states between tokens. */
export interface Gaps {
  /** Before the first token of a line. The second one follows an open parenthesis or a comma. */
  readonly start: number;
  readonly startOfArgument: number;
  /** After a token that could have members, after an open parenthesis or a comma, and after any other token. */
  readonly operand: number;
  readonly argument: number;
  readonly other: number;
}

export const NAMES = bytesOf((sort) => sort === LETTER);
export const DIGITS = bytesOf((sort) => sort === DIGIT);
export const FOREIGNERS = bytesOf((sort) => sort === FOREIGN);
/** What may continue a name or belong to the same token. */
export const STICKY = `"'\\${FOREIGNERS}`;
/** The first letters of `GCC`, `clang`, `include_alias` and `omp`, with which pragmas in strings begin. */
export const PRAGMA_LETTERS = 'Gcio';

function bytesOf(has: (sort: number) => boolean): string {
  let bytes = '';
  for (let byte = 0; byte < CLASS_OF.length; byte++) {
    if (has(CLASS_OF[byte] as number)) bytes += String.fromCharCode(byte);
  }
  return bytes;
}
