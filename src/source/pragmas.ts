import { Lexer } from './lexer.ts';
import { TOKENS } from './token.ts';

/** What a pragma means to a cache. */
export type PragmaEffect =
  /** Reads a file, or its time, and no note reports it. */
  | 'readsFile'
  /** Another header is found than the named one. */
  | 'redirects'
  /**
   * Text of its line gets into an output or a message, with macros expanded that the preprocessed text may still
   * contain.
   */
  | 'repeatsText'
  /** Makes code run elsewhere. */
  | 'offloads'
  /** None of that: its line says how code is compiled, laid out or warned about. */
  | 'nothing';

const list = (words: string) => words.trim().split(/\s+/);

/**
 * Pragmas by their first words. Those of clang 14 to 20: the preprocessor's (LLVM, `clang/lib/Lex/Pragma.cpp`), and the
 * parser's (`clang/lib/Parse/ParsePragma.cpp`), which opens no file. Those of cl: "Pragma directives and the __pragma
 * and _Pragma keywords". A pragma that is not here only gives a warning.
 */
const PRAGMAS: Readonly<Record<Exclude<PragmaEffect, 'offloads'>, readonly string[]>> = {
  readsFile: [
    // Compares the time of the current file with that of the named one.
    'GCC dependency',
    'clang dependency',
    // import, load, build, begin, end.
    'clang module',
    // Prints what is requested, or makes the compiler stop.
    'clang __debug',
    'GCC pch_preprocess',
  ],
  redirects: ['include_alias', 'clang include_instead'],
  repeatsText: [
    ...list(
      'comment detect_mismatch message section bss_seg code_seg const_seg data_seg init_seg alloc_text',
    ),
    'GCC warning',
    'GCC error',
    'clang section',
    'clang attribute',
    'clang deprecated',
    'clang restrict_expansion',
  ],
  nothing: [
    ...list(`
      once mark pack STDC push_macro pop_macro region endregion warning execution_character_set hdrstop include_next
      auto_inline check_stack component conform deprecated fenv_access float_control fp_contract function inline_depth
      inline_recursion intrinsic loop make_public managed omp optimize pointers_to_members runtime_checks setlocale
      strict_gs_check system_header unmanaged vtordisp align ms_struct unused weak redefine_extname unroll nounroll
      unroll_and_jam nounroll_and_jam options export strict_context fp_eval_method start_map_region stop_map_region
      acc opencl cuda ident`),
    ...list(
      'diagnostic system_header poison visibility push_options pop_options optimize target ivdep unroll',
    ).map((word) => `GCC ${word}`),
    ...list(`
      diagnostic system_header poison assume_nonnull arc_cf_code_audited loop fp optimize final header_unsafe
      max_tokens_here max_tokens_total force_cuda_host_device unsafe_buffer_usage riscv
      __cuda_wrapper_namespace`).map((word) => `clang ${word}`),
  ],
};

const EFFECTS = new Map<string, PragmaEffect>();

/** The effects of all pragmas, made on first use. */
function effects(): ReadonlyMap<string, PragmaEffect> {
  if (EFFECTS.size === 0) {
    for (const [effect, names] of Object.entries(PRAGMAS)) {
      for (const name of names) EFFECTS.set(name, effect as PragmaEffect);
    }
  }
  return EFFECTS;
}

/** Whether a pragma with these first two words is known. */
export function isKnownPragma(first: string, second: string): boolean {
  return effects().has(`${first} ${second}`);
}

function effectOf(words: readonly string[]): PragmaEffect {
  const [first = '', second] = words;
  if (first === 'omp' && words.includes('target')) return 'offloads';
  const effect = effects().get(`${first} ${second}`) ?? effects().get(first) ?? 'nothing';
  // For a comment, the kind is a word of its own. For others, the second word may be a macro.
  const known = first === 'comment' || effects().has(`${first} ${second}`) ? 2 : 1;
  return effect === 'repeatsText' && words.length <= known ? 'nothing' : effect;
}

/** A pragma, and the words on its line. */
export interface Pragma {
  readonly effect: PragmaEffect;
  readonly words: readonly string[];
}

/** Reads a pragma from the token after `#pragma` to the end of its line. The lexer is after that. */
export function readPragma(lexer: Lexer): Pragma {
  const words: string[] = [];
  while (lexer.next() !== TOKENS.end && !lexer.startsLine) {
    if (lexer.kind === TOKENS.identifier) words.push(lexer.spelling());
  }
  return { effect: effectOf(words), words };
}

/** The effect of the text of `_Pragma`, or of a string that may become one. */
export function pragmaOfText(text: string): Pragma {
  const lexer = new Lexer(Buffer.from(`#${text}`, 'latin1'));
  lexer.next();
  return readPragma(lexer);
}
