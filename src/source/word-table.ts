/** The hash of an identifier of this spelling, as the lexer makes it on its way. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < word.length; index++) hash = addToHash(hash, word.charCodeAt(index));
  return hash;
}

/** The hash of a word, made from that of the word without its last letter. */
export function addToHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** A set of hashes that the lexer looks every identifier up in, at open addresses; 0 where there is none. */
export class WordTable {
  readonly hashes: Int32Array;
  readonly mask: number;

  /** For at most a quarter of `size` hashes, a power of two. */
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
