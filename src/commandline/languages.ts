/** The languages of sources, and what a cache must know of each. */

interface LanguageRow {
  /**
   * Where the compiler prints include notes: on stdout if `/showIncludes` is added, or on stderr, from a preprocessor
   * that it runs first. `none` for a language without includes, for which it would warn about an unused option.
   */
  readonly notes: 'stdout' | 'stderr' | 'none';
  /** Whether `/E` prints a text that can serve as a key. It prints nothing for a preprocessed source. */
  readonly hasText: boolean;
  /** Whether the assembler makes the result. It has its own directives that read files. */
  readonly isAssembled: boolean;
  /** The suffix of a source that searches for headers in the same folders. */
  readonly searchesAs: string;
}

const CODE = { notes: 'stdout', hasText: true, isAssembled: false } as const;
const PREPROCESSED = { notes: 'stdout', hasText: false, isAssembled: false } as const;

export const LANGUAGES = {
  c: { ...CODE, searchesAs: 'c' },
  'c++': { ...CODE, searchesAs: 'cpp' },
  'objective-c': { ...CODE, searchesAs: 'm' },
  'objective-c++': { ...CODE, searchesAs: 'mm' },
  'preprocessed c': { ...PREPROCESSED, searchesAs: 'c' },
  'preprocessed c++': { ...PREPROCESSED, searchesAs: 'cpp' },
  'preprocessed objective-c': { ...PREPROCESSED, searchesAs: 'm' },
  'preprocessed objective-c++': { ...PREPROCESSED, searchesAs: 'mm' },
  assembler: { notes: 'none', hasText: false, isAssembled: true, searchesAs: 'c' },
  'assembler with preprocessor': { notes: 'stderr', hasText: true, isAssembled: true, searchesAs: 'S' },
} as const satisfies Record<string, LanguageRow>;

export type Language = keyof typeof LANGUAGES;

/** What suffixes of sources mean to a family of compilers. */
export interface SuffixFacts {
  /** cl ignores case. clang-cl does not, also on Windows (`types::lookupTypeForExtension`). */
  readonly ignoresCaseOfSuffixes: boolean;
  readonly suffixes: Readonly<Record<string, Language>>;
  /** Of files that are compiled as well, but of which it is unknown what they read and write. */
  readonly uncachedSuffixes: ReadonlySet<string>;
}

export const CL_SUFFIXES: SuffixFacts = {
  ignoresCaseOfSuffixes: true,
  suffixes: { c: 'c', cpp: 'c++', cxx: 'c++', cc: 'c++' },
  uncachedSuffixes: new Set(['ixx']),
};

export const CLANG_CL_SUFFIXES: SuffixFacts = {
  ignoresCaseOfSuffixes: false,
  suffixes: {
    ...{ c: 'c', cpp: 'c++', cxx: 'c++', cc: 'c++', cp: 'c++', 'c++': 'c++' },
    ...{ C: 'c++', CPP: 'c++', CXX: 'c++', CC: 'c++', 'C++': 'c++' },
    ...{ m: 'objective-c', mm: 'objective-c++', M: 'objective-c++' },
    ...{ i: 'preprocessed c', ii: 'preprocessed c++' },
    ...{ mi: 'preprocessed objective-c', mii: 'preprocessed objective-c++' },
    ...{ s: 'assembler', asm: 'assembler', S: 'assembler with preprocessor' },
  },
  uncachedSuffixes: new Set([
    ...['ll', 'bc', 'ast', 'cl', 'cu', 'hip', 'rs', 'cppm', 'ccm', 'cxxm', 'c++m'],
    ...['h', 'H', 'hh', 'hp', 'hpp', 'hxx', 'h++', 'f', 'for', 'f90', 'f95', 'F', 'FOR', 'F90', 'F95'],
  ]),
};

/** The language of a file with this suffix. Undefined if it is not compiled, or not cached. */
export function languageOfSuffix(facts: SuffixFacts, suffix: string): Language | undefined {
  const spelled = spelledAsIn(facts, suffix);
  return Object.hasOwn(facts.suffixes, spelled) ? facts.suffixes[spelled] : undefined;
}

/** True for the suffix of a file that is compiled but never cached. */
export function isUncachedSuffix(facts: SuffixFacts, suffix: string): boolean {
  return facts.uncachedSuffixes.has(spelledAsIn(facts, suffix));
}

function spelledAsIn({ ignoresCaseOfSuffixes }: SuffixFacts, suffix: string): string {
  return ignoresCaseOfSuffixes ? suffix.toLowerCase() : suffix;
}
