import type { Rows } from './rows.ts';

/** The words that a scan looks for. */
export interface WordsOfInterest {
  readonly words: readonly string[];
  /** Words of which pieces count too. */
  readonly formed: readonly string[];
}

/** The states of names. */
export interface NameStates {
  /** In a name that is not of interest. */
  readonly plain: number;
  /** At the end of a name that may be of interest. */
  readonly last: number;
}

/** What a machine needs to know of the words, for all of its parts. */
export interface WordLetters {
  /** The words that count in text, shorter ones first, because longer ones may begin with them. */
  readonly inText: readonly string[];
  /** The letters that follow each letter in some word. */
  readonly followers: ReadonlyMap<string, string>;
}

/** Stands for a second underscore, which few letters follow. */
const DOUBLE = '=';

/** Stands for every digit. A name may stop the machine with another digit than that of the word. */
const DIGIT = '0';

/** Two parts of a machine need the same letters, and a short run has no time to look at each word twice. */
export function lettersOf({ words, formed }: WordsOfInterest): WordLetters {
  const whole = withOneDigit(words);
  const inText = whole.filter((word) => !word.startsWith('_'));
  return {
    inText: inText.sort((one, other) => one.length - other.length),
    followers: followersIn([...whole, ...withOneDigit(formed)]),
  };
}

function withOneDigit(words: readonly string[]): string[] {
  return words.map((word) => word.replaceAll(/\d/g, DIGIT));
}

function followersIn(words: readonly string[]): Map<string, string> {
  const followers = new Map<string, string>();
  const seen = new Set<string>();
  const add = (letter: string, next: string) => {
    const pair = letter + next;
    if (seen.has(pair)) return;
    seen.add(pair);
    followers.set(letter, (followers.get(letter) ?? '') + next);
  };
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const letter = word.charAt(at);
      const next = word.charAt(at + 1);
      const isUnderscore = letter === '_';
      if (isUnderscore && word.charAt(at - 1) === '_') add(DOUBLE, next);
      add(letter, isUnderscore && next === '_' ? DOUBLE : next);
    }
  }
  return followers;
}

/**
 * Adds a state for each letter. It leads to the letters that follow this one in some word: a name may be a word or a
 * piece of one if each two letters of it are side by side in some word. Returns the states for the first letters.
 */
export function addLetters(
  rows: Rows,
  { followers }: Pick<WordLetters, 'followers'>,
  { last }: NameStates,
): Map<string, number> {
  const states = new Map<string, number>();
  for (const letter of followers.keys()) {
    const row = rows.add();
    rows.like(row, last);
    states.set(letter, row);
  }
  for (const [letter, all] of followers) {
    const row = states.get(letter) ?? last;
    for (let at = 0; at < all.length; at++) {
      const next = all.charAt(at);
      rows.on(row, next === DOUBLE ? '_' : next, states.get(next) ?? last);
    }
  }
  states.delete(DOUBLE);
  // A name does not begin with a digit.
  states.delete(DIGIT);
  return states;
}

/**
 * Adds a state for each beginning of a word. In text, only whole words count, and names that begin with an underscore.
 * Returns the states for the first letters. `letters` are the states of `addLetters`.
 */
export function addWords(
  rows: Rows,
  { inText }: Pick<WordLetters, 'inText'>,
  { plain, last, letters }: NameStates & { readonly letters: ReadonlyMap<string, number> },
): Map<string, number> {
  const begun = new Map<string, number>();
  const first = new Map<string, number>();
  for (const word of inText) {
    let before = -1;
    for (let length = 1; length <= word.length; length++) {
      const beginning = word.slice(0, length);
      let row = begun.get(beginning);
      if (row === undefined) {
        row = rows.add();
        begun.set(beginning, row);
        rows.like(row, length === word.length ? last : plain);
        if (before < 0) first.set(beginning, row);
        else rows.on(before, word.charAt(length - 1), row);
      }
      before = row;
    }
  }
  const underscore = letters.get('_');
  if (underscore !== undefined) first.set('_', underscore);
  return first;
}
