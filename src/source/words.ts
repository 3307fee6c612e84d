import { addToHash, hashOf, WordTable } from './word-table.ts';

/** What a word of a source can do to what a cache must know. */
export type WordKind =
  /** Its text is another one with every second, day or change of a file's time. */
  | 'time'
  /** Asks whether a header is there. */
  | 'hasInclude'
  /** Asks whether a file of data is there. */
  | 'hasEmbed'
  /** Its value holds the path that the source or a header was found by. */
  | 'file'
  /** Names of types and functions, in which clang tells lambdas and unnamed types by their place in a file. */
  | 'type'
  /** What it begins may be run elsewhere. */
  | 'omp'
  /** Behind a dot, an instruction to an assembler that reads a file, or that makes other instructions. */
  | 'assembler'
  /** The beginning of assembler text. */
  | 'asm'
  /** A pragma in an expression. */
  | 'pragma'
  /** Words of pragmas that matter, which a macro may put into one. */
  | 'ofPragma'
  /** The beginning of a module declaration, where it begins a line. */
  | 'module';

/**
 * Words by which the text of a source takes paths of the machine into an object in a form that no search of the object
 * finds: shortened, counted, hashed. Each kind has its own way there.
 *
 * - `file`: the path of a file as it is. `__FILE_NAME__` and `__builtin_FILE_NAME` leave the folders out.
 * - `type`: names of types and functions (`(lambda at /tree/a.cpp:2:10)`), and what is made from such names
 *   or has them in it.
 * - `offload`: clang names what OpenMP may run elsewhere by the number that the source has in its file system.
 */
export type PathWord = 'file' | 'type' | 'offload';

/**
 * The words that a scan of a source looks for. Whoever needs another one adds a row: words of the kinds `file` and `type`
 * are in `SourceScan.pathWords` of each file that says them.
 */
export const WORDS: Readonly<Record<string, WordKind>> = {
  __TIME__: 'time',
  __DATE__: 'time',
  __TIMESTAMP__: 'time',
  __has_include: 'hasInclude',
  __has_include_next: 'hasInclude',
  __has_embed: 'hasEmbed',
  __FILE__: 'file',
  __FILEW__: 'file',
  __BASE_FILE__: 'file',
  __builtin_FILE: 'file',
  __builtin_source_location: 'type',
  source_location: 'type',
  __PRETTY_FUNCTION__: 'type',
  __FUNCSIG__: 'type',
  __LFUNCSIG__: 'type',
  L__FUNCSIG__: 'type',
  __builtin_FUNCSIG: 'type',
  __FUNCDNAME__: 'type',
  __builtin_sycl_unique_stable_name: 'type',
  __builtin_sycl_unique_stable_id: 'type',
  __builtin_dump_struct: 'type',
  omp: 'omp',
  incbin: 'assembler',
  include: 'assembler',
  macro: 'assembler',
  irp: 'assembler',
  irpc: 'assembler',
  INCBIN: 'assembler',
  INCLUDE: 'assembler',
  MACRO: 'assembler',
  IRP: 'assembler',
  IRPC: 'assembler',
  asm: 'asm',
  _asm: 'asm',
  __asm: 'asm',
  __asm__: 'asm',
  _Pragma: 'pragma',
  __pragma: 'pragma',
  GCC: 'ofPragma',
  clang: 'ofPragma',
  dependency: 'ofPragma',
  include_alias: 'ofPragma',
  comment: 'ofPragma',
  message: 'ofPragma',
  detect_mismatch: 'ofPragma',
  import: 'module',
  module: 'module',
  export: 'module',
};

/** What may stand between `asm` and its text. */
export const ASM_QUALIFIERS: ReadonlySet<string> = new Set([
  'volatile',
  '__volatile',
  '__volatile__',
  'goto',
  'inline',
  '__inline',
  '__inline__',
]);

/** Words that a macro could paste together. */
const FORMED: readonly WordKind[] = ['time', 'hasInclude', 'hasEmbed', 'file', 'type'];

/** The words of a kind. */
export function wordsOf(kind: WordKind): string[] {
  return Object.keys(WORDS).filter((word) => WORDS[word] === kind);
}

/** A word that takes more pieces is nobody's but an accident of single letters, of which small ones are everywhere. */
const MOST_PIECES = 6;
const MOST_SMALL_PIECES = 3;

/** True when no more than this many pieces, each as often as need be, make the word. */
export function canForm(word: string, pieces: ReadonlySet<string>): boolean {
  const most = word === word.toUpperCase() ? MOST_PIECES : MOST_SMALL_PIECES;
  const needed = new Map([[0, 0]]);
  for (let at = 0; at < word.length; at++) {
    const before = needed.get(at) ?? most;
    for (let end = at + 1; before < most && end <= word.length; end++) {
      const isPiece = end - at < word.length && pieces.has(word.slice(at, end));
      if (isPiece && before + 1 < (needed.get(end) ?? most + 1)) needed.set(end, before + 1);
    }
  }
  return needed.has(word.length);
}

/** What to look for in a text: the words, and their pieces as far as those are told from other names. */
export interface Interests {
  /** Where macros are defined and conditions asked: few lines. */
  readonly inDirectives: WordTable;
  /** Elsewhere, where small names of lower-case letters are everywhere. */
  readonly inText: WordTable;
}

const TABLE_SIZE = 8192;
let made: Interests | undefined;

/** Made once a process that scans. */
export function interests(): Interests {
  made ??= makeInterests();
  return made;
}

function makeInterests(): Interests {
  const [inDirectives, inText] = [new WordTable(TABLE_SIZE), new WordTable(TABLE_SIZE)];
  for (const word of Object.keys(WORDS)) {
    inDirectives.add(hashOf(word));
    inText.add(hashOf(word));
  }
  for (const word of formed()) {
    for (let start = 0; start < word.length; start++) {
      let hash = 0;
      let isCapital = true;
      for (let end = start; end < word.length; end++) {
        const letter = word.charCodeAt(end);
        hash = addToHash(hash, letter);
        isCapital &&= letter < 0x61;
        inDirectives.add(hash);
        // Capitals and underscores, or a word of some length.
        if (isCapital || end - start >= 3) inText.add(hash);
      }
    }
  }
  return { inDirectives, inText };
}

function formed(): string[] {
  return FORMED.flatMap(wordsOf);
}

let formedWords: string | undefined;

/** Whether a word is a piece of one that a paste could form. */
export function isPiece(word: string): boolean {
  formedWords ??= formed().join(' ');
  return formedWords.includes(word);
}
