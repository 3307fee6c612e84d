import { behindBlanks } from './bytes.ts';
import { CLASS_OF, LETTER, OPERATOR } from './characters.ts';
import { type Definition, NOT_DEFINED, readDefinition } from './definition.ts';
import type { Interests } from './interests.ts';
import { PRAGMA_LETTERS } from './machine-parts.ts';
import type { Text } from './text.ts';

const QUOTE = 0x22;
const CLOSE = 0x29;
const COMMA = 0x2c;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** In place of the end of a `#define`: the name is in no directive. */
export const IN_TEXT = -2;

/** Tells names that matter from those that say nothing where they are. */
export class NamesOfInterest {
  readonly #text: Text;
  readonly #interests: Interests;
  #definition: Definition = { at: -1, macro: 0, parameters: [] };

  constructor(text: Text, interests: Interests) {
    this.#text = text;
    this.#interests = interests;
  }

  /** The macro after the `#define` that ends at `from`. The last one is kept. */
  definitionAt(from: number): Definition {
    if (this.#definition.at !== from) this.#definition = readDefinition(this.#text, from);
    return this.#definition;
  }

  /**
   * Whether the name that ends at `end` is of interest: a word, or a piece of one that is not a parameter of the macro
   * after the `#define` that ends at `defined`. In text, a piece matters only where it may be all of an argument.
   */
  matters(word: string, end: number, defined: number): boolean {
    const isInText = defined === IN_TEXT;
    const { wants, isWord } = this.#interests;
    if (!wants(word, isInText)) return false;
    if (isWord(word)) return true;
    if (isInText) return word.endsWith('_') || mayEndArgument(this.#text.bytes, end);
    return defined === NOT_DEFINED || !this.definitionAt(defined).parameters.includes(word);
  }
}

/** Strings of letters and blanks alone say nothing to an assembler or as a pragma. */
export function stringMayMatter(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === DOT || byte === BACKSLASH || byte === 0x3c) return true;
  }
  const first = bytes[start + 1] as number;
  return (
    PRAGMA_LETTERS.includes(String.fromCharCode(first)) || (CLASS_OF[first] !== LETTER && first !== QUOTE)
  );
}

/** Whether the name that ends at `end` may be all of an argument, or be beside a paste. See `Cursor.mayBePasted`. */
function mayEndArgument(bytes: Uint8Array, end: number): boolean {
  const next = bytes[behindBlanks(bytes, end)] as number;
  return next === COMMA || next === CLOSE || (CLASS_OF[next] as number) > OPERATOR;
}
