import { BLANK, CLASS_OF, DIGIT, FOREIGN, LETTER, LINE_END, MARK, OPERATOR } from './characters.ts';
import { directivePlaces, PLACES, type Place, placeName } from './directives.ts';
import { isOperand, Lexer, NAME, OPERANDS } from './lexer.ts';
import { TOKENS } from './token.ts';
import type { WordTable } from './word-table.ts';

const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const OPEN = 0x28;
const STAR = 0x2a;
const DOT = 0x2e;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** A macro: where its name begins, the name's hash, and its parameters. */
export interface Definition {
  readonly at: number;
  readonly macro: number;
  readonly parameters: readonly string[];
}

/** The words at which a skimmer stops. */
export interface SkimTables {
  /** Words in text, and words where macros are defined and conditions are asked. */
  readonly inText: WordTable;
  readonly inDirectives: WordTable;
}

/**
 * A lexer that passes over most tokens in one loop, because a cache runs too briefly for more than one loop to be
 * compiled well. Everything but the plainest form is left to `next`.
 */
export class Skimmer extends Lexer {
  /** The end of the `#define` to which the current token belongs. */
  definedAt = 0;
  /** There was an operator that pastes words. */
  pastes = false;
  readonly #tables: SkimTables;
  #definition: Definition = { at: -1, macro: 0, parameters: [] };
  #place: number = PLACES.text;

  constructor(bytes: Uint8Array, reading: number, tables: SkimTables) {
    super(bytes, reading);
    this.#tables = tables;
  }

  /** Where the current token is. */
  get place(): Place {
    return placeName(this.#place);
  }

  /** The rest of the line belongs to a directive. */
  enter(place: Place): void {
    this.#place = PLACES[place];
    this.definedAt = this.end;
  }

  /** The macro that is being defined. */
  definition(): Definition {
    if (this.#definition.at !== this.definedAt) {
      const { bytes, reading } = this.text;
      this.#definition = readDefinition(
        new Lexer(bytes.subarray(this.definedAt, this.start), reading),
        this.definedAt,
      );
    }
    return this.#definition;
  }

  override next(): number {
    const kind = super.next();
    if (this.startsLine) this.#place = PLACES.text;
    return kind;
  }

  /**
   * Goes to the next token that matters to a scan: an identifier of the table (or one that is not plain), a string that
   * may matter (see `mayMatter`), a dot with no operand before it, or the hash of a directive other than a condition or
   * definition.
   */
  skim(): number {
    const { bytes, length } = this.text;
    const classes = CLASS_OF;
    const endsName = ENDS_NAME;
    const directives = directivePlaces();
    const { inText, inDirectives } = this.#tables;
    for (;;) {
      let at = this.end;
      let startsLine = this.hasLineEnd;
      let last = this.last;
      let lastHash = this.lastHash;
      let place = this.#place;
      for (;;) {
        const byte = bytes[at] as number;
        const sort = classes[byte] as number;
        if (sort === BLANK) {
          if (byte === 0 && at >= length) break;
          at++;
          continue;
        }
        if (sort === LINE_END) {
          startsLine = true;
          at++;
          continue;
        }
        if (byte === SLASH) {
          const second = bytes[at + 1];
          if (second === STAR || second === SLASH || second === BACKSLASH) {
            const gap = this.text.commentLength(at);
            if (gap > 0) {
              at += gap;
              continue;
            }
            if (second === BACKSLASH) break;
          }
        } else if (byte === BACKSLASH) {
          const gap = bytes[at + 1] === 0x0a ? 2 : this.text.spliceLength(at);
          if (gap === 0) break;
          at += gap;
          continue;
        }
        if (startsLine) place = PLACES.text;
        if (sort === LETTER) {
          const start = at;
          let hash = byte;
          let next = bytes[++at] as number;
          while ((classes[next] as number) <= DIGIT) {
            hash = (Math.imul(hash, 31) + next) | 0;
            next = bytes[++at] as number;
          }
          const { hashes, mask } = place === PLACES.text ? inText : inDirectives;
          let slot = hash & mask;
          while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
          if (hashes[slot] !== 0 || endsName[next] === 0) {
            at = start;
            break;
          }
          lastHash = hash;
          last = NAME;
        } else if (sort === OPERATOR || byte === SLASH) {
          if (byte === OPEN) this.callee = lastHash;
          at++;
          lastHash = 0;
          last = byte;
        } else if (sort === DIGIT) {
          let end = at + 1;
          while ((classes[bytes[end] as number] as number) <= DIGIT || bytes[end] === DOT) end++;
          if (endsName[bytes[end] as number] === 0 || isExponent(bytes, end)) break;
          at = end;
          lastHash = 0;
          last = NAME;
        } else if (byte === QUOTE || byte === APOSTROPHE) {
          const end = plainEnd(bytes, at, byte);
          if (end === 0) break;
          at = end;
          lastHash = 0;
          last = NAME;
        } else if (byte === DOT && (bytes[at + 1] === DOT || OPERANDS[last] === 1)) {
          const second = bytes[at + 1] as number;
          if (second === BACKSLASH || classes[second] === DIGIT) break;
          // All three of `...` at once.
          at += second === DOT && bytes[at + 2] === DOT ? 3 : 1;
          lastHash = 0;
          last = DOT;
        } else if (byte === HASH && startsLine) {
          const name = behindBlanks(bytes, at + 1);
          let end = name;
          let hash = 0;
          while ((classes[bytes[end] as number] as number) <= DIGIT) {
            hash = (Math.imul(hash, 31) + (bytes[end] as number)) | 0;
            end++;
          }
          const found = endsName[bytes[end] as number] === 0 ? 0 : directives.placeOf(hash);
          if (found === 0) break;
          let behind = end;
          if (found === PLACES.define) {
            // The name that is defined is not a use.
            behind = behindBlanks(bytes, end);
            const begin = behind;
            hash = 0;
            while ((classes[bytes[behind] as number] as number) <= DIGIT) {
              hash = (Math.imul(hash, 31) + (bytes[behind] as number)) | 0;
              behind++;
            }
            if (begin === behind || endsName[bytes[behind] as number] === 0) break;
          }
          at = behind;
          place = found;
          this.definedAt = end;
          lastHash = hash;
          last = NAME;
        } else break;
        startsLine = false;
      }
      this.end = at;
      this.hasLineEnd = startsLine;
      this.last = last;
      this.lastHash = lastHash;
      this.#place = place;
      const kind = this.next();
      if (kind === TOKENS.end || (kind === TOKENS.hash && this.startsLine)) return kind;
      if (kind === TOKENS.identifier) {
        const { hashes, mask } = this.#place === PLACES.text ? inText : inDirectives;
        let slot = this.hash & mask;
        while (hashes[slot] !== 0 && hashes[slot] !== this.hash) slot = (slot + 1) & mask;
        if (hashes[slot] !== 0 || !this.isPlain) return kind;
      } else if (kind === TOKENS.punctuator) {
        if (this.byte === DOT && !isOperand(this.previous)) return kind;
      } else if (kind === TOKENS.string) {
        if (this.isRaw || mayMatter(bytes, this.start, this.end)) return kind;
      } else if (kind === TOKENS.paste) this.pastes = true;
    }
  }
}

function isClosing({ byte }: Lexer): boolean {
  return byte === 0x29;
}

function behindBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
}

function readDefinition(lexer: Lexer, at: number): Definition {
  lexer.next();
  const macro = lexer.hash;
  const nameEnd = lexer.end;
  const parameters: string[] = [];
  lexer.next();
  if (lexer.byte === OPEN && lexer.start === nameEnd) {
    for (let kind = lexer.next(); kind !== TOKENS.end && !isClosing(lexer); kind = lexer.next()) {
      if (kind === TOKENS.identifier) parameters.push(lexer.spelling());
    }
  }
  return { at, macro, parameters };
}

/** 1 for what ends an identifier or a number, whatever follows. */
const ENDS_NAME = CLASS_OF.map((sort, byte) =>
  Number(sort !== FOREIGN && (sort !== MARK || byte === SLASH || byte === DOT || byte === HASH)),
);

/** A sign that may belong to the number before it. */
function isExponent(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x2b && bytes[at] !== 0x2d) return false;
  const letter = (bytes[at - 1] as number) | 0x20;
  return letter === 0x65 || letter === 0x70;
}

/** The end of a literal that is closed on its line, has no escapes and does not matter. 0 for every other one. */
function plainEnd(bytes: Uint8Array, start: number, quote: number): number {
  for (let at = start + 1; ; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) return quote === QUOTE && mayMatter(bytes, start, at) ? 0 : at + 1;
    if (byte === BACKSLASH || byte === 0x0a || byte === 0x0d || byte === 0) return 0;
  }
}

/** The first letters of `GCC`, `clang`, `include_alias` and `omp`. */
const PRAGMA_LETTERS = Array.from('Gcio', (letter) => letter.charCodeAt(0));

/** A string of only letters and blanks means nothing to an assembler or as a pragma. */
function mayMatter(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === DOT || byte === BACKSLASH || byte === 0x3c) return true;
  }
  const first = bytes[start + 1] as number;
  return PRAGMA_LETTERS.includes(first) || (CLASS_OF[first] !== LETTER && first !== QUOTE);
}
