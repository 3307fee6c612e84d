import { type Machine, makeMachine } from './machine.ts';
import { FORMED, isPiece, WORDS } from './words.ts';

/** What matters to a scan, and a machine that stops there. */
export interface Interests {
  readonly machine: Machine;
  /** Whether a name is of interest. */
  readonly wants: (word: string, isInText: boolean) => boolean;
  /** Whether a name is one of the words, and not only a piece of one. */
  readonly isWord: (word: string) => boolean;
}

let ofSource: Interests | undefined;

/** What matters to the scan of a source: the words, and those of their pieces that differ from other names. */
export function sourceInterests(): Interests {
  ofSource ??= {
    machine: makeMachine({ words: Object.keys(WORDS), formed: FORMED }),
    wants: (word, isInText) =>
      WORDS[word] !== undefined ||
      // Short names in small letters are everywhere.
      (isPiece(word) && (!isInText || word.length > 3 || word === word.toUpperCase())),
    isWord: (word) => WORDS[word] !== undefined,
  };
  return ofSource;
}

/** Only these words matter. */
export function interestIn(words: readonly string[]): Interests {
  return {
    machine: makeMachine({ words, formed: [] }),
    wants: (word) => words.includes(word),
    isWord: () => true,
  };
}
