import { BLANK, CLASS_OF, DIGIT, FOREIGN, LETTER, LINE_END, MARK } from './characters.ts';
import { rawStringEnd } from './raw-string.ts';
import { READINGS } from './readings.ts';
import { type Text, withoutSplices } from './text.ts';

/** The kinds of tokens. */
export const TOKENS = {
  end: 0,
  identifier: 1,
  /** A preprocessing number: `0x1e`, `1'000`, `.5f`, `3foo`. */
  number: 2,
  string: 3,
  character: 4,
  /** One byte of an operator, or `...`. */
  punctuator: 5,
  /** `#`, or `%:`. */
  hash: 6,
  /** `##`, or `%:%:`. */
  paste: 7,
  /** `<name>` or `"name"` after `#include` and the like. */
  headerName: 8,
} as const;

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DOT = 0x2e;
const RAW_PREFIXES = ['R', 'LR', 'uR', 'UR', 'u8R'];
const PREFIXES = ['L', 'u', 'U', 'u8'];

/** One token of a text. Its facts are fields. */
export class Token {
  /** One of `TOKENS`. */
  kind: number = TOKENS.end;
  /** Where it begins and where it ends. */
  start = 0;
  end = 0;
  /** False if it contains splices, or letters that not every compiler knows. */
  isPlain = true;
  isRaw = false;
  /** A string or character whose quote is closed. */
  isClosed = true;
  /** For an identifier, see `hashOf`. 1 if it is not plain, 0 for other tokens. */
  hash = 0;
  protected readonly text: Text;

  constructor(text: Text) {
    this.text = text;
  }

  /** The spelling of the token without splices, one character for each byte. */
  spelling(): string {
    const spelled = this.text.bytes.toString('latin1', this.start, this.end);
    return this.isPlain || this.isRaw ? spelled : withoutSplices(spelled, this.text.reading);
  }

  /** Reads the token at `at`. */
  protected readAt(at: number): void {
    this.start = at;
    this.isPlain = true;
    this.isRaw = false;
    this.hash = 0;
    this.kind = this.#kindAt(at, this.text.bytes[at] as number);
  }

  /** Sets `end` and returns the kind. */
  #kindAt(at: number, byte: number): number {
    switch (CLASS_OF[byte]) {
      case BLANK:
        this.end = at;
        return TOKENS.end;
      case LETTER:
      case FOREIGN:
        return this.#name(at);
      case DIGIT:
        return this.#number(at, at);
      case MARK:
        return this.#mark(byte, at);
      default:
        this.end = at + 1;
        return TOKENS.punctuator;
    }
  }

  /** An identifier, or the literal whose prefix it is. */
  #name(start: number): number {
    const text = this.text;
    let at = start;
    let hash = 0;
    for (;;) {
      const byte = text.bytes[at] as number;
      const sort = CLASS_OF[byte] as number;
      if (sort <= DIGIT) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        at++;
        continue;
      }
      const length =
        sort === FOREIGN ? 1 : byte === BACKSLASH ? text.spliceLength(at) || text.universalNameLength(at) : 0;
      if (length === 0) break;
      this.isPlain = false;
      at += length;
    }
    this.end = at;
    this.hash = this.isPlain ? hash : 1;
    const quote = text.bytes[at];
    const mayBePrefix = (quote === QUOTE || quote === APOSTROPHE) && (at - start <= 3 || !this.isPlain);
    return mayBePrefix ? this.#prefixed(at, quote) : TOKENS.identifier;
  }

  #prefixed(at: number, quote: number): number {
    const prefix = this.spelling();
    if (quote === QUOTE && RAW_PREFIXES.some((raw) => prefix.endsWith(raw))) {
      const isWhole = RAW_PREFIXES.includes(prefix);
      if (!isWhole && this.isPlain) return TOKENS.identifier;
      const end = rawStringEnd(this.text.bytes, at + 1, this.text.length);
      if (this.#quotedEnd(at, QUOTE) !== end || !this.isClosed) this.text.differs |= READINGS.noRawStrings;
      // Letters that another compiler does not know do not change the prefix.
      if (isWhole === ((this.text.reading & READINGS.noRawStrings) !== 0)) return TOKENS.identifier;
      this.isClosed = true;
      this.isRaw = true;
      this.end = end;
      return TOKENS.string;
    }
    if (!PREFIXES.includes(prefix)) return TOKENS.identifier;
    this.end = this.#quotedEnd(at, quote);
    return quote === QUOTE ? TOKENS.string : TOKENS.character;
  }

  /** Reads the rest of a number. The part before `from` is known. */
  #number(start: number, from: number): number {
    const text = this.text;
    const { bytes } = text;
    let at = from + 1;
    let previous = bytes[from] as number;
    const second = text.behindSplices(at);
    const isHex = from === start && previous === 0x30 && ((bytes[second] as number) | 0x20) === 0x78;
    for (;;) {
      const byte = bytes[at] as number;
      const sort = CLASS_OF[byte] as number;
      let length = sort <= DIGIT || byte === DOT ? 1 : 0;
      if (byte === 0x2b || byte === 0x2d) length = isExponent(previous, isHex) ? 1 : 0;
      else if (byte === APOSTROPHE) length = this.#separatorLength(at);
      else if (sort === FOREIGN || byte === BACKSLASH) {
        this.isPlain = false;
        length = sort === FOREIGN ? 1 : text.spliceLength(at) || text.universalNameLength(at);
      }
      if (length === 0) break;
      at += length;
      previous = byte === BACKSLASH ? previous : byte;
    }
    this.end = at;
    return TOKENS.number;
  }

  /** The length of an apostrophe and a digit or letter inside a number. */
  #separatorLength(at: number): number {
    const { text } = this;
    const digit = text.behindSplices(at + 1);
    if ((CLASS_OF[text.bytes[digit] as number] as number) > DIGIT) return 0;
    text.differs |= READINGS.noDigitSeparators;
    if (text.reading & READINGS.noDigitSeparators) return 0;
    if (digit > at + 1) this.isPlain = false;
    return digit + 1 - at;
  }

  #mark(byte: number, at: number): number {
    const text = this.text;
    const { bytes } = text;
    if (byte === QUOTE || byte === APOSTROPHE) {
      this.end = this.#quotedEnd(at, byte);
      return byte === QUOTE ? TOKENS.string : TOKENS.character;
    }
    this.end = at + 1;
    const second = text.behindSplices(at + 1);
    const next = bytes[second] as number;
    if (byte === DOT) {
      if (CLASS_OF[next] === DIGIT) return this.#number(at, second);
      const third = text.behindSplices(second + 1);
      if (next === DOT && bytes[third] === DOT) this.end = third + 1;
      return TOKENS.punctuator;
    }
    if (byte === BACKSLASH && text.universalNameLength(at) > 0) return this.#name(at);
    if (byte === 0x23) {
      if (next !== 0x23) return TOKENS.hash;
      this.end = second + 1;
      return TOKENS.paste;
    }
    if (byte !== 0x25 || next !== 0x3a) return TOKENS.punctuator;
    const third = text.behindSplices(second + 1);
    const fourth = text.behindSplices(third + 1);
    const isPaste = bytes[third] === 0x25 && bytes[fourth] === 0x3a;
    this.end = (isPaste ? fourth : second) + 1;
    return isPaste ? TOKENS.paste : TOKENS.hash;
  }

  /** The end of a literal whose quote is at `from`. Without a second quote it ends with its line. */
  #quotedEnd(from: number, quote: number): number {
    const { bytes, length } = this.text;
    this.isClosed = false;
    for (let at = from + 1; ; ) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        this.isClosed = true;
        return at + 1;
      }
      if (byte === BACKSLASH) {
        const splice = this.text.spliceLength(at);
        const behind = splice > 0 ? at + splice : this.text.behindSplices(at + 1);
        if (behind > at + 1) this.isPlain = false;
        // A line end is not a letter that could be escaped.
        const isLetter = splice === 0 && CLASS_OF[bytes[behind] as number] !== LINE_END;
        at = isLetter && behind < length ? behind + 1 : behind;
      } else if (byte === 0x0a || byte === 0x0d || at >= length) return at;
      else at++;
    }
  }
}

/**
 * A sign belongs to `1e+` and `0x1p+`. For some compilers also to `0x1e+` and `1p+`. Words after it count in both
 * cases.
 */
function isExponent(byte: number, isHex: boolean): boolean {
  return (byte | 0x20) === (isHex ? 0x70 : 0x65);
}
