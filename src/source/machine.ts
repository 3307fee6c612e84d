import { lastOf, startOfName, startOfWord } from './bytes.ts';
import { addDirectives } from './directive-rows.ts';
import { placesOfDirectives } from './directives.ts';
import {
  DIGITS,
  FOREIGNERS,
  type Gaps,
  LINE,
  NAMES,
  ON_DIRECTIVE,
  PRAGMA_LETTERS,
  STOPS,
} from './machine-parts.ts';
import { Mode } from './mode-rows.ts';
import { Rows } from './rows.ts';
import { lettersOf, type WordsOfInterest } from './word-rows.ts';

const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;

/** A state machine that skips what a scan does not need. */
export interface Machine {
  readonly columns: Uint8Array;
  readonly table: Int32Array;
  /** The rows to begin in. */
  readonly text: Gaps;
  readonly directive: Gaps;
}

/** Makes a machine that stops at these words and pieces. */
export function makeMachine(interests: WordsOfInterest): Machine {
  const directives = placesOfDirectives();
  const own = new Set(
    [...interests.words, ...interests.formed, ...directives.keys(), 'eEpP', PRAGMA_LETTERS].join(''),
  );
  // All digits share one column.
  for (const digit of DIGITS) own.delete(digit);
  const others = Array.from(NAMES).filter((letter) => !own.has(letter));
  const marks = Array.from('"\'#\\/*%:.<>\n\r\0');
  const groups = ['(,', ')]}', '+-', ' \t', '\v\f'];
  const rows = new Rows([...own, others.join(''), DIGITS, FOREIGNERS, ...marks, ...groups]);
  const text = gapsOf(rows);
  const directive = { ...gapsOf(rows), start: text.start, startOfArgument: text.startOfArgument };
  const hash = rows.add();
  const letters = lettersOf(interests);
  new Mode(rows, directive, STOPS.here - ON_DIRECTIVE).fill(letters);
  new Mode(rows, text, hash).fill(letters);
  addDirectives(rows, directives, { operand: directive.operand, start: text.start, hash });
  return { columns: rows.columns, table: rows.table, text, directive };
}

function gapsOf(rows: Rows): Gaps {
  const [start, startOfArgument] = [rows.add(), rows.add()];
  return { start, startOfArgument, operand: rows.add(), argument: rows.add(), other: rows.add() };
}

/**
 * Runs the machine from the byte at `from`, in the row `first`. Returns the byte at which it stops. Puts the ends of the
 * last three lines with tokens into `marks`, the last one first, and then one of `STOPS`.
 */
export function runMachine(
  { columns, table }: Machine,
  bytes: Uint8Array,
  first: number,
  from: number,
  marks: Int32Array,
): number {
  let state = first;
  let at = from;
  for (;;) {
    state = table[state + (columns[bytes[at] as number] as number)] as number;
    if (state < 0) {
      if (state > LINE) {
        marks[3] = state;
        return at;
      }
      marks[2] = marks[1] as number;
      marks[1] = marks[0] as number;
      marks[0] = at + 1;
      state = LINE - state;
    }
    at++;
  }
}

/** The start of the token for which the machine stopped at the byte `at`, on the line that begins at `line`. */
export function startOfStop(
  bytes: Uint8Array,
  stop: number,
  { at, line }: { readonly at: number; readonly line: number },
): number {
  switch (stop) {
    case STOPS.oneBefore:
      return at - 1;
    case STOPS.twoBefore:
      return at - 2;
    case STOPS.word:
      return startOfWord(bytes, line, at);
    case STOPS.name:
      return startOfName(bytes, at);
    case STOPS.string:
      return lastOf(bytes, at, QUOTE);
    case STOPS.character:
      return lastOf(bytes, at, APOSTROPHE);
    case STOPS.directive:
      return lastOf(bytes, at, HASH);
    default:
      return at;
  }
}
