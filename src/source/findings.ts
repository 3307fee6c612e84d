import type { PathWord } from './words.ts';

/** What was found in a text; see `SourceScan`. */
export interface SourceFindings {
  readonly includes: readonly IncludeDirective[];
  /** An include whose name we cannot read: a macro makes it. */
  readonly computesInclude: boolean;
  /** True when the text decides at compile time what no list of files can tell; such a call is keyed on preprocessed text. */
  readonly isVolatile: boolean;
  /** Time macros: two runs of the preprocessor a moment apart may differ. */
  readonly hasTimeMacro: boolean;
  /** Words by which a path can get into an object in a form that a search does not find. */
  readonly pathWords: readonly PathWord[];
  /** Set when the file makes the compiler read or write what we cannot see: why nothing is stored. */
  readonly unsupported: string | undefined;
  /** It has the operator that pastes words. */
  readonly pastes: boolean;
  /** It may have, or be a piece of, assembler text that reads a file: the preprocessed text tells. */
  readonly mayAssembleFiles: boolean;
  /** A pragma that repeats text whose macros the preprocessed text may still name. */
  readonly repeatsText: boolean;
  /** Pieces of words that a macro could paste, where macros are defined or called. */
  readonly pieces: readonly string[];
}

export interface IncludeDirective {
  readonly kind: 'include' | 'includeNext' | 'hasInclude' | 'hasIncludeNext';
  readonly form: 'quote' | 'angle';
  readonly name: string;
}

/** What is found while a text is read, in one way or in several. */
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

  /** All of it, as a value. */
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
