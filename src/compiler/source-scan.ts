import { type PathWord, pathWordsIn } from './path-words.ts';

/**
 * What a source or header says to the preprocessor, as far as a cache must know it: which names it looks up, and
 * whether its meaning hangs on more than the files that `/showIncludes` reports. Read from the same bytes that were
 * just hashed. Lines inside comments or inactive branches count too: they only add names that are looked at.
 */
export interface SourceScan {
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
}

export interface IncludeDirective {
  readonly kind: 'include' | 'includeNext' | 'hasInclude' | 'hasIncludeNext';
  readonly form: 'quote' | 'angle';
  readonly name: string;
}

/** Line splices first (`__TI\⏎ME__`), since the compiler removes them before anything else. */
const SPLICE = /\\\r?\n/g;
/** Behind the end of a comment that began on an earlier line, a directive is one as well. */
const DIRECTIVE =
  /^(?:[^\n]*\*\/)?[ \t\v\f]*(?:#|%:|\?\?=)[ \t]*(?:\/\*[^*\n]*(?:\*(?!\/)[^*\n]*)*\*\/[ \t]*)*([a-z_]+)[^\S\n]*([^\n]*)/gm;
const HEADER_NAME = /^(?:\/\*[^*\n]*(?:\*(?!\/)[^*\n]*)*\*\/\s*)*(?:<([^>\n]+)>|"([^"\n]+)")/;
const LITERAL_HAS_INCLUDE = /\b__has_include(_next)?\s*\(\s*(?:<([^>\n]+)>|"([^"\n]+)")/g;
const COMPUTED_HAS_INCLUDE = /\b__has_include(?:_next)?\s*\(\s*[^<"\s)]/;
/** Handed on by a macro that stands for it. */
const ALIAS_OF_HAS_INCLUDE = /(?<!\bdefined\s*\(?\s*)\b__has_include(?:_next)?\b(?!\s*\()/;
const OWN_HAS_INCLUDE = /^__has_include(?:_next)?\b/;

/**
 * The macros, whole or as pieces that could be glued: `__TI ## ME__`, `GLUE(__TI, ME__)`, `#define HEAD __TI`. Pieces
 * of fewer letters would hit ordinary names, and one of the two is always long enough. What follows a piece tells it
 * from prose: the C library's headers speak of `__TIME*_T_TYPE`.
 */
const TIME_MACRO =
  /\b(?:__TIME__|__DATE__|__TIMESTAMP__|(?:__TI|__TIM|__TIME|__TIME_|__TIMESTAMP|__TIMESTAMP_|__DA|__DAT|__DATE|__DATE_|TIME__|DATE__|TIMESTAMP__|IME__|ATE__|IMESTAMP__|STAMP__)\b(?=[ \t]*(?:##|[,;)/]|$)))\b/m;
/** Fifteen times as fast as the pattern itself, and in nearly no header. */
const MAY_BE_MODULE = /\b(?:import|module)\b/;
const MODULE =
  /^(?:[^\n]*\*\/)?[ \t]*(?:export[ \t]+)?(?:module[ \t]*;|(?:module|import)[ \t]+[\w.:]+[ \t]*(?:\[\[[^\n]*)?;|import[ \t]*[<":])/m;

/** Inside a string or a file of assembler; a member called `include` is not followed by a quote. */
const READ_BY_ASSEMBLER = /(\.incbin|\.include)\b(?:(?<=\.incbin)|\s*\\?["'])/;

/** Comments, and the numbers (`1'000`) and literals in which what looks like one is none. */
const COMMENT_OR_LITERAL =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|\b\d(?:'?[\w.])*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.){1,8}'/g;

export interface ScanOptions {
  /** cl's `#import` reads type libraries and writes `.tlh` and `.tli`; clang's is an include that happens once. */
  readonly importReadsTypeLibraries: boolean;
}

/** Scans the bytes of one file. UTF-16 sources (cl reads them) are told by their byte order mark. */
export function scanSource(bytes: Uint8Array, options: ScanOptions): SourceScan {
  const raw = decode(bytes);
  const text = raw.includes('\\\n') || raw.includes('\\\r\n') ? raw.replace(SPLICE, '') : raw;
  const includes: IncludeDirective[] = [];
  let computesInclude = false;
  let isVolatile = false;
  let unsupported: string | undefined;

  for (const [, keyword = '', rest = ''] of text.matchAll(DIRECTIVE)) {
    switch (keyword) {
      case 'include':
      case 'include_next':
      case 'import': {
        const header = HEADER_NAME.exec(rest);
        if (keyword === 'import' && options.importReadsTypeLibraries)
          unsupported = '#import of a type library';
        if (header) {
          const kind = keyword === 'include_next' ? 'includeNext' : 'include';
          includes.push(directive(kind, header[1], header[2]));
        } else computesInclude = true;
        break;
      }
      case 'if':
      case 'elif':
      case 'define':
        // A header that defines it where it is missing does not use it.
        if (keyword === 'define' && OWN_HAS_INCLUDE.test(rest)) break;
        if (COMPUTED_HAS_INCLUDE.test(rest)) isVolatile = true;
        if (keyword === 'define' && ALIAS_OF_HAS_INCLUDE.test(rest)) isVolatile = true;
        if (rest.includes('__has_embed')) unsupported = '__has_embed';
        break;
      case 'embed':
        unsupported = '#embed';
        break;
      case 'using':
        unsupported = '#using';
        break;
      case 'pragma':
        if (rest.startsWith('include_alias')) isVolatile = true;
        break;
    }
  }
  // Anywhere, not only in directives: a condition may go on behind a comment of several lines.
  for (const [, next, angle, quote] of text.includes('__has_include')
    ? text.matchAll(LITERAL_HAS_INCLUDE)
    : []) {
    const has = directive(next ? 'hasIncludeNext' : 'hasInclude', angle, quote);
    includes.push(has);
    if (has.name.includes('\ufffd')) isVolatile = true;
  }
  const read = READ_BY_ASSEMBLER.exec(text);
  if (read) unsupported = `${read[1]} of the assembler`;
  if (MAY_BE_MODULE.test(text) && MODULE.test(text)) unsupported = 'a C++20 module declaration';
  const hasTimeMacro = isOutsideComments(TIME_MACRO, text);
  return {
    includes,
    computesInclude,
    isVolatile: isVolatile || hasTimeMacro,
    hasTimeMacro,
    pathWords: pathWordsIn(text),
    unsupported,
  };
}

/** Headers speak of these names in comments. Raw strings would fool the search for comments: there every mention counts. */
function isOutsideComments(pattern: RegExp, text: string): boolean {
  if (!pattern.test(text)) return false;
  if (text.includes('R"')) return true;
  return pattern.test(text.replace(COMMENT_OR_LITERAL, (match) => (match.startsWith('/') ? ' ' : match)));
}

function directive(
  kind: IncludeDirective['kind'],
  angle: string | undefined,
  quote: string | undefined,
): IncludeDirective {
  return angle !== undefined
    ? { kind, form: 'angle', name: angle }
    : { kind, form: 'quote', name: quote ?? '' };
}

function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return buffer.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const whole = buffer.subarray(2, buffer.length - (buffer.length % 2));
    return Buffer.from(whole).swap16().toString('utf16le');
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // UTF-8 and every ANSI code page keep the letters that matter here. Names outside ASCII are UTF-8 nearly always; one
  // in a code page becomes a name that is never found, as if a macro had stood there.
  const latin = buffer.toString('latin1', start);
  return /[\x80-\xff]/.test(latin) ? buffer.toString('utf8', start) : latin;
}
