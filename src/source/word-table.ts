/** The hash of an identifier with this spelling, as the lexer computes it. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < word.length; index++) hash = addToHash(hash, word.charCodeAt(index));
  return hash;
}

/** The hash of a word, from the hash of the word without its last letter. */
export function addToHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** A set of hashes with open addressing, in which the lexer looks up every identifier. 0 marks a free place. */
export class WordTable {
  readonly hashes: Int32Array;
  readonly mask: number;

  /** For at most a quarter of `size` hashes. `size` is a power of two. */
  constructor(size: number) {
    this.hashes = new Int32Array(size);
    this.mask = size - 1;
  }

  add(hash: number): void {
    let slot = hash & this.mask;
    while (this.hashes[slot] !== 0 && this.hashes[slot] !== hash) slot = (slot + 1) & this.mask;
    this.hashes[slot] = hash;
  }
}
