import type { PathWord } from './words.ts';

/** The findings in a text; see `SourceScan`. */
export interface SourceFindings {
  readonly includes: readonly IncludeDirective[];
  /** An include whose name is unknown, because a macro makes it. */
  readonly computesInclude: boolean;
  /**
   * True if the text depends at compile time on more than a list of files. The call is then looked up by its
   * preprocessed text.
   */
  readonly isVolatile: boolean;
  /** A time macro: two runs of the preprocessor may differ. */
  readonly hasTimeMacro: boolean;
  /** Words that can put a path into an object in a form that a search does not find. */
  readonly pathWords: readonly PathWord[];
  /**
   * Set if the file makes the compiler read or write something that cannot be seen: the reason why nothing is stored.
   */
  readonly unsupported: string | undefined;
  /** It has the operator that pastes words. */
  readonly pastes: boolean;
  /** It may have, or be a piece of, assembler text that reads a file. The preprocessed text decides. */
  readonly mayAssembleFiles: boolean;
  /** A pragma that repeats text, in which the preprocessed text may still contain macros. */
  readonly repeatsText: boolean;
  /** Pieces of words that a macro could paste, from where macros are defined or called. */
  readonly pieces: readonly string[];
}

export interface IncludeDirective {
  readonly kind: 'include' | 'includeNext' | 'hasInclude' | 'hasIncludeNext';
  readonly form: 'quote' | 'angle';
  readonly name: string;
}

/** Collects the findings while a text is read, in one reading or in several. */
export class Findings {
  computesInclude = false;
  isVolatile = false;
  hasTimeMacro = false;
  unsupported: string | undefined;
  pastes = false;
  mayAssembleFiles = false;
  repeatsText = false;
  readonly #includes = new Map<string, IncludeDirective>();
  readonly #pathWords = new Set<PathWord>();
  readonly #pieces = new Set<string>();

  /** All findings as a value. */
  found(): SourceFindings {
    return {
      includes: [...this.#includes.values()],
      computesInclude: this.computesInclude,
      isVolatile: this.isVolatile,
      hasTimeMacro: this.hasTimeMacro,
      pathWords: [...this.#pathWords],
      unsupported: this.unsupported,
      pastes: this.pastes,
      mayAssembleFiles: this.mayAssembleFiles,
      repeatsText: this.repeatsText,
      pieces: [...this.#pieces],
    };
  }

  /** Keeps the first reason why nothing is stored. */
  refuse(because: string): void {
    this.unsupported ??= because;
  }

  addInclude(include: IncludeDirective): void {
    this.#includes.set(`${include.kind} ${include.form} ${include.name}`, include);
  }

  addPathWord(word: PathWord): void {
    this.#pathWords.add(word);
  }

  addPiece(piece: string): void {
    this.#pieces.add(piece);
  }

  timeMacro(): void {
    this.hasTimeMacro = true;
    this.isVolatile = true;
  }
}
