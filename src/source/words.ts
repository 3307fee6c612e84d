/** The effect of a word in a source on what a cache must know. */
export type WordKind =
  /** Its text changes with every second, every day or the file's time. */
  | 'time'
  /** Asks whether a header exists. */
  | 'hasInclude'
  /** Asks whether a data file exists. */
  | 'hasEmbed'
  /** Its value is the path by which the source or a header was found. */
  | 'file'
  /** A function to which macros of the compiler's headers hand the path of a file. Whoever names it may compute from it. */
  | 'failure'
  /** A macro of the system that makes text of what it is given. */
  | 'stringiser'
  /** Names of types and functions, in which clang names lambdas and unnamed types by their place in a file. */
  | 'type'
  /** What follows may run elsewhere. */
  | 'omp'
  /** After a dot: an instruction for an assembler that reads a file, or that makes other instructions. */
  | 'assembler'
  /** The beginning of assembler text. */
  | 'asm'
  /** A pragma in an expression. */
  | 'pragma'
  /** Words of pragmas that matter, which a macro may put into one. */
  | 'ofPragma'
  /** The beginning of a module declaration, if it begins a line. */
  | 'module';

/**
 * Words that put paths of the machine into an object in a form that no search of the object finds: shortened, counted,
 * hashed. The kinds differ in how they do so.
 *
 * - `file`: the unchanged path of a file. `__FILE_NAME__` and `__builtin_FILE_NAME` leave the folders out.
 * - `type`: names of types and functions (`(lambda at /tree/a.cpp:2:10)`), and what is made from such names
 *   or contains them.
 * - `offload`: clang names what OpenMP may run elsewhere by the number of the source in its file system.
 * - `stringised`: a macro makes text of what it is given, which may be `assert(x)` with the path in it.
 */
export type PathWord = 'file' | 'type' | 'offload' | 'stringised';

/**
 * The words that a scan of a source looks for. For a new word add a row. Words of the kinds `file` and `type` appear in
 * `SourceScan.pathWords` of each file that contains them.
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
  __assert: 'failure',
  __assert_fail: 'failure',
  __assert_func: 'failure',
  __assert_perror_fail: 'failure',
  __assert_rtn: 'failure',
  _assert: 'failure',
  _wassert: 'failure',
  __glibcxx_assert_fail: 'failure',
  __replacement_assert: 'failure',
  _CrtDbgReport: 'failure',
  _CrtDbgReportW: 'failure',
  __STRING: 'stringiser',
  _CRT_STRINGIZE: 'stringiser',
  __CRT_STRINGIZE: 'stringiser',
  _PSTL_STRING: 'stringiser',
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

/** Words that may stand between `asm` and its text. */
export const ASM_QUALIFIERS: ReadonlySet<string> = new Set([
  'volatile',
  '__volatile',
  '__volatile__',
  'goto',
  'inline',
  '__inline',
  '__inline__',
]);

/** The words of a kind. */
export function wordsOf(kind: WordKind): string[] {
  return Object.keys(WORDS).filter((word) => WORDS[word] === kind);
}

/** Words that a macro could paste together. */
export const FORMED: readonly string[] = [
  ...(['time', 'hasInclude', 'hasEmbed', 'file', 'type'] as const).flatMap(wordsOf),
  // Of a pragma that reads a file.
  'GCC',
  'clang',
  'dependency',
];

/** A word from more pieces is only an accident of single letters, of which short ones occur everywhere. */
const MOST_PIECES = 6;
const MOST_SMALL_PIECES = 3;

/** True if at most this many pieces, each used as often as needed, form the word. */
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

let formedWords: string | undefined;

/** Whether a word is a piece of one that a paste could form. */
export function isPiece(word: string): boolean {
  formedWords ??= FORMED.join(' ');
  return formedWords.includes(word);
}
