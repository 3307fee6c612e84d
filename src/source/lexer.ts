import { BLANK, CLASS_OF, LINE_END, MARK } from './characters.ts';
import { READINGS } from './readings.ts';
import { Text } from './text.ts';
import { TOKENS, Token } from './token.ts';

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const OPEN = 0x28;
const SLASH = 0x2f;
/** The value of `previous` for tokens that are not punctuators. */
export const NAME = 0x61;
export const PASTED = 1;

/**
 * Splits C, C++ and assembler with C's preprocessor into tokens, as clang's lexer does (LLVM,
 * `clang/lib/Lex/Lexer.cpp`). It needs only the bytes: skipped groups and active lines have the same tokens, and an
 * open quote ends with its line in both. Where compilers or languages differ, it reads as C++17 and notes that in
 * `differs`, so that the text can be read again in another reading. It allocates nothing for a token: the facts are
 * fields.
 */
export class Lexer extends Token {
  /** The token's first byte. */
  byte = 0;
  /** True for the first token on its line, where a hash may begin a directive. */
  startsLine = false;
  /** The token before it: a punctuator's byte, `NAME` or `PASTED` for others, 0 for none. */
  previous = 0;
  /** The hash of the identifier before it, and of the one before the last parenthesis that was opened. 0 for none. */
  previousHash = 0;
  callee = 0;
  /** What the next token will have before it. */
  protected last = 0;
  protected lastHash = 0;
  protected hasLineEnd = true;

  /** A text as `prepare` returns it, and bits of `READINGS`. */
  constructor(bytes: Uint8Array, reading = 0) {
    super(new Text(bytes, reading));
  }

  /** Bits of `READINGS` that would have given other tokens. */
  get differs(): number {
    return this.text.differs;
  }

  /** Goes to the next token and returns its kind. */
  next(): number {
    const { bytes, length } = this.text;
    let at = this.end;
    let startsLine = this.hasLineEnd;
    for (;;) {
      const byte = bytes[at] as number;
      const sort = CLASS_OF[byte];
      if (sort === BLANK && (byte !== 0 || at < length)) at++;
      else if (sort === LINE_END) {
        startsLine = true;
        at++;
      } else {
        const gap = sort === MARK ? this.#gapLength(byte, at) : 0;
        if (gap === 0) break;
        at += gap;
      }
    }
    this.byte = bytes[at] as number;
    this.startsLine = startsLine;
    this.previous = this.last;
    this.previousHash = this.lastHash;
    this.readAt(at);
    this.lastHash = this.hash;
    this.hasLineEnd = false;
    this.last = LAST_OF_KIND[this.kind] ?? this.byte;
    if (this.byte === OPEN) this.callee = this.previousHash;
    return this.kind;
  }

  /**
   * Goes to the next token, which is a header's name if there is one in `<>` or quotes. The text in it is not split.
   */
  nextHeaderName(): number {
    const kind = this.next();
    if (this.startsLine) return kind;
    if (kind === TOKENS.string && this.byte === QUOTE && this.isClosed) this.kind = TOKENS.headerName;
    if (kind !== TOKENS.punctuator || this.byte !== 0x3c) return this.kind;
    const { bytes, length } = this.text;
    for (let at = this.start + 1; at < length; ) {
      const byte = bytes[at] as number;
      const splice = byte === BACKSLASH ? this.text.spliceLength(at) : 0;
      if (splice > 0) this.isPlain = false;
      // Without an end on its line it is not a name, and is split as elsewhere.
      else if (CLASS_OF[byte] === LINE_END) break;
      else if (byte === 0x3e) {
        this.end = at + 1;
        this.last = NAME;
        this.kind = TOKENS.headerName;
        break;
      }
      at += splice || 1;
    }
    return this.kind;
  }

  /**
   * Goes from the word `warning` or `error` to the first token of another line. clang splits the text only in a skipped
   * line. That is another reading if a comment or string is longer than the line.
   */
  skipMessage(): void {
    const text = this.text;
    const lineEnd = text.lineEnd(this.end);
    if (text.reading & READINGS.plainWarnings) {
      this.end = lineEnd;
      this.next();
      return;
    }
    let { end } = this;
    while (this.next() !== TOKENS.end && !this.startsLine) end = this.end;
    const rest = text.bytes.subarray(end, Math.max(end, lineEnd));
    if (end > lineEnd || (rest.includes('/') && rest.includes('*'))) text.differs |= READINGS.plainWarnings;
  }

  #gapLength(byte: number, at: number): number {
    if (byte === SLASH) return this.text.commentLength(at);
    return byte === BACKSLASH ? this.text.spliceLength(at) : 0;
  }
}

/** What a token is for the next one. A punctuator is its byte. */
const LAST_OF_KIND: Readonly<Record<number, number>> = {
  [TOKENS.identifier]: NAME,
  [TOKENS.number]: NAME,
  [TOKENS.string]: NAME,
  [TOKENS.character]: NAME,
  [TOKENS.headerName]: NAME,
  [TOKENS.paste]: PASTED,
};

/** 1 for a name, a literal, or the end of an expression: a dot after it accesses a member. */
export const OPERANDS = new Uint8Array(256);
for (const mark of ['a', ')', ']', '}', '>', '.']) OPERANDS[mark.charCodeAt(0)] = 1;

export function isOperand(previous: number): boolean {
  return OPERANDS[previous] === 1;
}
