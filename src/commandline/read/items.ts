/** The elements of a command line. Types only. */
import type { Language } from '../languages.ts';
import type { OptionEffect, OptionRow } from '../options/row.ts';

/** Who reads a word that clang-cl hands on: clang's driver in its GCC spelling, or the compiler proper. */
export type WordLevel = 'driver' | 'frontend';

export interface OptionItem<Effect extends OptionEffect = OptionEffect> {
  readonly kind: 'option';
  readonly row: OptionRow<Effect>;
  /** The value, attached or from the next argument. For a toggle `-` or nothing. */
  readonly value: string;
  /** The canonical spelling of the name: `/I` for `-I`, `/clang:-MF` for a word that is handed on. */
  readonly name: string;
  /** The arguments that spell it. Empty if it shares them with the option before it. */
  readonly tokens: readonly string[];
  /** Words that are handed on come after all others. */
  readonly level: 'line' | WordLevel;
}

export interface InputItem {
  readonly kind: 'input';
  readonly path: string;
  /** From `/Tc`, `/Tp` or the suffix. Undefined for what is not a source (unless `/TC` or `/TP` say so). */
  readonly language: Language | undefined;
  /** True after `/Tc` and `/Tp`. */
  readonly isNamedSource: boolean;
  readonly tokens: readonly string[];
}

export type Item = OptionItem | InputItem;

export type ParsedLine =
  | { readonly kind: 'parsed'; readonly items: readonly Item[] }
  /** The line ends, or another option stands, where the value of `option` should be. */
  | { readonly kind: 'missingValue'; readonly option: string };

/** A word for `/clang:` or `-Xclang`. Its meaning depends on the other words. */
export interface WordItem {
  readonly kind: 'word';
  readonly level: WordLevel;
  readonly word: string;
  readonly tokens: readonly string[];
}
