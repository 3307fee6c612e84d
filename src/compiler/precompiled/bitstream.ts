/**
 * Reads LLVM's bitstream ("LLVM Bitcode File Format"), as far as precompiled headers need it: records with their
 * abbreviations, and blocks within blocks. Everything is a little-endian stream of bits.
 */

export interface BitRecord {
  readonly code: number;
  readonly values: readonly number[];
  /** The bytes at the end of a record. Undefined for one without. */
  readonly blob: Buffer | undefined;
}

/** What stands in a block, in order. */
export type BitItem =
  | { readonly kind: 'record'; readonly record: BitRecord }
  | { readonly kind: 'block'; readonly id: number; readonly items: () => Generator<BitItem> };

/** How a value is written. `width` is in bits. */
type Encoding =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'fixed' | 'variable'; readonly width: number }
  | { readonly kind: 'array' | 'blob' | 'letter' };

const END_BLOCK = 0;
const ENTER_BLOCK = 1;
const DEFINE_ABBREVIATION = 2;
const PLAIN_RECORD = 3;
const FIRST_ABBREVIATION = 4;
const WORD = 32;

/** Throws a `RangeError` where the bytes end too early, or are no such stream. */
export class BitReader {
  readonly #bytes: Buffer;
  #at: number;

  /** `at` is the first byte. */
  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at * 8;
  }

  /** The next byte that is not read yet. */
  get place(): number {
    return this.#at / 8;
  }

  get isAtEnd(): boolean {
    return this.#at + WORD > this.#bytes.length * 8;
  }

  /** The items of the block that begins here. `width` is the number of bits of its abbreviations' numbers. */
  *items(width: number): Generator<BitItem> {
    const abbreviations: (readonly Encoding[])[] = [];
    while (!this.isAtEnd || width > 2) {
      const number = this.#fixed(width);
      if (number === END_BLOCK) return;
      if (number === ENTER_BLOCK) {
        yield this.#block();
      } else if (number === DEFINE_ABBREVIATION) {
        abbreviations.push(this.#abbreviation());
      } else if (number === PLAIN_RECORD) {
        yield { kind: 'record', record: this.#plainRecord() };
      } else {
        const abbreviation = abbreviations[number - FIRST_ABBREVIATION];
        if (!abbreviation) throw new RangeError('an abbreviation that is not defined');
        yield { kind: 'record', record: this.#record(abbreviation) };
      }
    }
  }

  /** The block is left behind, whether its items are read or not. */
  #block(): BitItem {
    const id = this.#variable(8);
    const width = this.#variable(4);
    this.#align();
    const words = this.#fixed(WORD);
    const inside = new BitReader(this.#bytes, this.#at / 8);
    this.#at += words * WORD;
    return { kind: 'block', id, items: () => inside.items(width) };
  }

  #abbreviation(): Encoding[] {
    return Array.from({ length: this.#variable(5) }, (): Encoding => {
      if (this.#fixed(1) === 1) return { kind: 'literal', value: this.#variable(8) };
      const encoding = this.#fixed(3);
      if (encoding === 1 || encoding === 2) {
        const width = this.#variable(5);
        if (width === 0) return { kind: 'literal', value: 0 };
        return { kind: encoding === 1 ? 'fixed' : 'variable', width };
      }
      const kind = ({ 3: 'array', 4: 'letter', 5: 'blob' } as const)[encoding];
      if (!kind) throw new RangeError('an encoding that is not known');
      return { kind };
    });
  }

  #plainRecord(): BitRecord {
    const code = this.#variable(6);
    const length = this.#variable(6);
    const values: number[] = [];
    while (values.length < length) values.push(this.#variable(6));
    return { code, values, blob: undefined };
  }

  #record(abbreviation: readonly Encoding[]): BitRecord {
    const values: number[] = [];
    let blob: Buffer | undefined;
    for (let index = 0; index < abbreviation.length; index++) {
      const encoding = abbreviation[index] as Encoding;
      if (encoding.kind === 'blob') {
        blob = this.#blob();
      } else if (encoding.kind === 'array') {
        const element = abbreviation[++index];
        if (!element) throw new RangeError('an array of nothing');
        for (let left = this.#variable(6); left > 0; left--) values.push(this.#value(element));
      } else {
        values.push(this.#value(encoding));
      }
    }
    const [code = 0, ...rest] = values;
    return { code, values: rest, blob };
  }

  #value(encoding: Encoding): number {
    switch (encoding.kind) {
      case 'literal':
        return encoding.value;
      case 'fixed':
        return this.#fixed(encoding.width);
      case 'variable':
        return this.#variable(encoding.width);
      case 'letter':
        return this.#fixed(6);
      default:
        throw new RangeError('a value of no kind');
    }
  }

  #blob(): Buffer {
    const length = this.#variable(6);
    this.#align();
    const start = this.#at / 8;
    this.#at += length * 8;
    this.#align();
    if (this.#at > this.#bytes.length * 8) throw new RangeError('the stream ends in the middle');
    return this.#bytes.subarray(start, start + length);
  }

  #fixed(width: number): number {
    let value = 0;
    for (let done = 0; done < width; ) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('the stream ends in the middle');
      const taken = Math.min(8 - (this.#at & 7), width - done);
      value += ((byte >> (this.#at & 7)) & ((1 << taken) - 1)) * 2 ** done;
      this.#at += taken;
      done += taken;
    }
    return value;
  }

  /** Chunks of `width` bits, of which the highest says that more follow. */
  #variable(width: number): number {
    const high = 2 ** (width - 1);
    let value = 0;
    for (let scale = 1; ; scale *= high) {
      const chunk = this.#fixed(width);
      value += (chunk % high) * scale;
      if (chunk < high) return value;
    }
  }

  #align(): void {
    this.#at = Math.ceil(this.#at / WORD) * WORD;
  }
}
