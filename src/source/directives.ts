import { hashOf } from './word-table.ts';

/** What a directive means to a cache. */
export type DirectiveEffect =
  /** Names a header. */
  | 'include'
  /** Names a header that is searched in the folders after this one's. */
  | 'includeNext'
  /** For clang an include that happens once. For cl it reads a type library and writes headers. */
  | 'import'
  | 'define'
  /** An expression, which may ask for headers. */
  | 'condition'
  | 'pragma'
  /** Reads a file that no note reports. */
  | 'readsFile'
  /** Text that clang splits into tokens only in a skipped line. */
  | 'message'
  /** Asks for a macro, or undefines it. The word is not a use of the macro. */
  | 'macroName'
  /** Reads nothing, and nothing else on its line matters. */
  | 'nothing';

/**
 * Every directive of clang 14 to 20 (LLVM, `clang/include/clang/Basic/TokenKinds.def`, `PPKEYWORD`; their effects,
 * `clang/lib/Lex/PPDirectives.cpp`) and of cl ("Preprocessor directives", "#import", "#using"). Others are errors
 * unless they are skipped, and comments in assembler.
 */
const DIRECTIVES: Readonly<Record<string, DirectiveEffect>> = {
  if: 'condition',
  elif: 'condition',
  ifdef: 'macroName',
  ifndef: 'macroName',
  elifdef: 'macroName',
  elifndef: 'macroName',
  undef: 'macroName',
  else: 'nothing',
  endif: 'nothing',
  define: 'define',
  include: 'include',
  // clang's own, for `-imacros`.
  __include_macros: 'include',
  include_next: 'includeNext',
  import: 'import',
  pragma: 'pragma',
  warning: 'message',
  error: 'message',
  // C23; clang since 19.
  embed: 'readsFile',
  // C++/CLI, an assembly.
  using: 'readsFile',
  line: 'nothing',
  ident: 'nothing',
  sccs: 'nothing',
  assert: 'nothing',
  unassert: 'nothing',
  __public_macro: 'nothing',
  __private_macro: 'nothing',
};

let effects: Map<number, DirectiveEffect> | undefined;

/** The effect of the directive with this name (see `hashOf`). */
export function effectOfDirective(hash: number): DirectiveEffect {
  effects ??= new Map(Object.entries(DIRECTIVES).map(([name, effect]) => [hashOf(name), effect]));
  return effects.get(hash) ?? 'nothing';
}

/** Where a token is, as a number for speed. */
export const PLACES = { text: 0, define: 1, condition: 2, other: 3 } as const;
export type Place = keyof typeof PLACES;
const PLACE_NAMES: readonly Place[] = ['text', 'define', 'condition', 'other'];

export function placeName(place: number): Place {
  return PLACE_NAMES[place] ?? 'text';
}

/** Where the rest of the line is, for directives that need nothing else. 0 for others. */
const PLACE_OF: Readonly<Partial<Record<DirectiveEffect, Place>>> = {
  define: 'define',
  condition: 'condition',
  macroName: 'other',
  nothing: 'other',
};

export function placeOfEffect(effect: DirectiveEffect): Place | undefined {
  return PLACE_OF[effect];
}

/** The same by the hash of the name, for known names. */
class DirectivePlaces {
  readonly #hashes = new Int32Array(256);
  readonly #places = new Uint8Array(256);

  constructor() {
    for (const [name, effect] of Object.entries(DIRECTIVES)) {
      const hash = hashOf(name);
      let slot = hash & 255;
      while (this.#hashes[slot] !== 0) slot = (slot + 1) & 255;
      this.#hashes[slot] = hash;
      this.#places[slot] = PLACES[PLACE_OF[effect] ?? 'text'];
    }
  }

  placeOf(hash: number): number {
    let slot = hash & 255;
    while (this.#hashes[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & 255;
    return this.#places[slot] as number;
  }
}

let places: DirectivePlaces | undefined;

/** Made once in a process that scans. */
export function directivePlaces(): DirectivePlaces {
  places ??= new DirectivePlaces();
  return places;
}

/** The place of the rest of the line for each directive. It is `PLACES.text` for directives that ask for more. */
export function placesOfDirectives(): Map<string, number> {
  return new Map(
    Object.entries(DIRECTIVES).map(([name, effect]) => [name, PLACES[PLACE_OF[effect] ?? 'text']]),
  );
}
