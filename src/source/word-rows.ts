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

/** The first letters of names of interest, and the states to which they lead. */
export interface NameRows {
  /** In text, only whole words count, and names that begin with an underscore. */
  readonly inText: ReadonlyMap<string, number>;
  /** Elsewhere a name may be a word or a piece if each two letters of it are side by side in some word. */
  readonly everywhere: ReadonlyMap<string, number>;
}

/** Stands for a second underscore, which few letters follow. */
const DOUBLE = '=';

/** Stands for every digit. A name may stop the machine with another digit than that of the word. */
const DIGIT = '0';

export function addNames(rows: Rows, interests: WordsOfInterest, states: NameStates): NameRows {
  const words = withOneDigit(interests.words);
  const formed = withOneDigit(interests.formed);
  const everywhere = addLetters(rows, [...words, ...formed], states);
  const inText = addWords(
    rows,
    words.filter((word) => !word.startsWith('_')),
    states,
  );
  const underscore = everywhere.get('_');
  if (underscore !== undefined) inText.set('_', underscore);
  return { inText, everywhere };
}

function withOneDigit(words: readonly string[]): string[] {
  return words.map((word) => word.replaceAll(/\d/g, DIGIT));
}

/** Adds a state for each letter. It leads to the letters that follow this one in some word. */
function addLetters(rows: Rows, words: readonly string[], { last }: NameStates): Map<string, number> {
  const states = new Map<string, number>();
  const stateOf = (letter: string): number => {
    let row = states.get(letter);
    if (row === undefined) {
      row = rows.add();
      rows.like(row, last);
      states.set(letter, row);
    }
    return row;
  };
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      const letter = word.charAt(at);
      const next = word.charAt(at + 1);
      const row = stateOf(letter);
      if (next === '') continue;
      rows.on(row, next, stateOf(letter === '_' && next === '_' ? DOUBLE : next));
      if (letter === '_' && word.charAt(at - 1) === '_') rows.on(stateOf(DOUBLE), next, stateOf(next));
    }
  }
  states.delete(DOUBLE);
  // A name does not begin with a digit.
  states.delete(DIGIT);
  return states;
}

/** Adds a state for each beginning of a word. */
function addWords(rows: Rows, words: readonly string[], { plain, last }: NameStates): Map<string, number> {
  const begun = new Map<string, number>();
  const first = new Map<string, number>();
  // Shorter words come first, because longer ones may begin with them.
  for (const word of words.toSorted((one, other) => one.length - other.length)) {
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
  return first;
}
