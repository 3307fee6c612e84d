import { BLANK, CLASS_OF, isHexDigit } from './characters.ts';
import { READINGS } from './readings.ts';

/** How many bytes may be read after the end of a text. */
const PADDING = 8;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;

/** The bytes of a text, and what lies between tokens: line ends, splices and comments. */
export class Text {
  /** With some zeros behind the text. Native searches are the fastest way through comments. */
  readonly bytes: Buffer;
  readonly length: number;
  /** Bits of `READINGS`. */
  readonly reading: number;
  /** Bits of `READINGS` that would have given something else. */
  differs = 0;
  /** The text has no zeros, and no comment ends in a star and a slash with a splice between them. */
  readonly isPlain: boolean;
  readonly #hasBackslash: boolean;
  readonly #hasReturn: boolean;
  /** A comment may end with a star and a slash that a splice separates. */
  readonly #hasSplicedStar: boolean;

  constructor(bytes: Uint8Array, reading: number) {
    this.length = bytes.length;
    this.bytes = Buffer.alloc(bytes.length + PADDING);
    this.bytes.set(bytes);
    this.reading = reading;
    this.#hasBackslash = this.bytes.includes(BACKSLASH);
    this.#hasReturn = this.bytes.includes(0x0d);
    this.#hasSplicedStar = this.#hasBackslash && this.bytes.includes('*\\');
    this.isPlain = !this.#hasSplicedStar && !bytes.includes(0);
  }

  /**
   * The length of the splice whose backslash is at `at`: the backslash, blanks and one line end. 0 if there is none.
   */
  spliceLength(at: number): number {
    return spliceLength(this.bytes, at, this.reading);
  }

  behindSplices(from: number): number {
    let at = from;
    while (this.bytes[at] === BACKSLASH) {
      const length = this.spliceLength(at);
      if (length === 0) break;
      at += length;
    }
    return at;
  }

  /** The length of `\u00e9` and the like, which may be in identifiers. 0 for anything else. */
  universalNameLength(at: number): number {
    let next = this.behindSplices(at + 1);
    const letter = this.bytes[next];
    const digits = letter === 0x75 ? 4 : letter === 0x55 ? 8 : 0;
    for (let index = 0; index < digits; index++) {
      next = this.behindSplices(next + 1);
      if (!isHexDigit(this.bytes[next] as number)) return 0;
    }
    return digits && next + 1 - at;
  }

  /** The length of the comment whose slash is at `at`. 0 if there is none. */
  commentLength(at: number): number {
    const second = this.behindSplices(at + 1);
    const byte = this.bytes[second];
    if (byte === STAR) return this.#blockEnd(second + 1) - at;
    if (byte !== SLASH) return 0;
    if (this.bytes[this.behindSplices(second + 1)] === STAR) {
      this.differs |= READINGS.slashBeforeComment;
      if (this.reading & READINGS.slashBeforeComment) return 0;
    }
    return this.lineEnd(second + 1) - at;
  }

  /** The end of the line that contains `from`: the first line end that is not part of a splice. */
  lineEnd(from: number): number {
    for (let at = from; ; ) {
      const end = this.#physicalLineEnd(at);
      if (end >= this.length || !this.#hasBackslash) return end;
      let last = end - 1;
      while (last >= at && CLASS_OF[this.bytes[last] as number] === BLANK) last--;
      const length = last >= at && this.bytes[last] === BACKSLASH ? this.spliceLength(last) : 0;
      if (length === 0) return end;
      at = last + length;
    }
  }

  #blockEnd(from: number): number {
    if (!this.#hasSplicedStar) {
      const end = this.bytes.indexOf('*/', from, 'latin1');
      return end < 0 ? this.length : end + 2;
    }
    for (let star = this.bytes.indexOf(STAR, from); star >= 0; star = this.bytes.indexOf(STAR, star + 1)) {
      const slash = this.behindSplices(star + 1);
      if (this.bytes[slash] === SLASH) return slash + 1;
    }
    return this.length;
  }

  #physicalLineEnd(from: number): number {
    const feed = this.bytes.indexOf(0x0a, from);
    const end = feed < 0 ? this.length : feed;
    if (!this.#hasReturn) return end;
    const carriageReturn = this.bytes.indexOf(0x0d, from);
    return carriageReturn >= 0 && carriageReturn < end ? carriageReturn : end;
  }
}

function spliceLength(bytes: Uint8Array, at: number, reading: number): number {
  let next = at + 1;
  if ((reading & READINGS.tightSplices) === 0) {
    while (CLASS_OF[bytes[next] as number] === BLANK && bytes[next] !== 0) next++;
  }
  const byte = bytes[next];
  if (byte !== 0x0a && byte !== 0x0d) return 0;
  const other = bytes[next + 1];
  const isPair = (other === 0x0a || other === 0x0d) && other !== byte;
  return next + (isPair ? 2 : 1) - at;
}

/** The spelling without splices, one character for each byte. */
export function withoutSplices(spelled: string, reading: number): string {
  const bytes = Buffer.from(`${spelled}\0\0`, 'latin1');
  const kept: string[] = [];
  let from = 0;
  for (let at = spelled.indexOf('\\'); at >= 0; ) {
    const length = spliceLength(bytes, at, reading);
    if (length > 0) {
      kept.push(spelled.slice(from, at));
      from = at + length;
    }
    at = spelled.indexOf('\\', at + (length || 1));
  }
  kept.push(spelled.slice(from));
  return kept.join('');
}
