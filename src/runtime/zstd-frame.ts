/**
 * Reads the header of a zstd frame (RFC 8878, section 3.1.1). Bun's decompressor takes as much memory as the frame asks
 * for, without a limit of its own.
 *
 *     frame  := magic:u32 descriptor:u8 [window:u8] [dictionary] [contentSize] { block } [checksum:u32]
 *     block  := last:1 bit, type:2 bits, size:21 bits; then `size` bytes, or 1 byte that is repeated
 */
const MAGIC = 0xfd2f_b528;
const DICTIONARY_SIZES = [0, 1, 2, 4];
const REPEATED = 1;
const RESERVED = 3;

/** The size of the contents. Undefined if the frame does not say, or if these bytes are not exactly one whole frame. */
export function contentSizeOf(bytes: Uint8Array): number | undefined {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length < 6 || frame.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = frame.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  const sizeAt = 5 + Number(!isSingleSegment) + (DICTIONARY_SIZES[descriptor & 3] ?? 0);
  // A size of eight bytes is larger than anything that clcache writes.
  if (sizeBytes === 0 || sizeBytes > 4 || frame.length < sizeAt + sizeBytes) return undefined;
  const size = frame.readUIntLE(sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
  return endOfBlocks(frame, sizeAt + sizeBytes) + checksumBytes === frame.length ? size : undefined;
}

/** The offset after the last block. NaN if there is no last block. */
function endOfBlocks(frame: Buffer, first: number): number {
  for (let at = first; at + 3 <= frame.length; ) {
    const head = frame.readUIntLE(at, 3);
    const type = (head >> 1) & 3;
    if (type === RESERVED) return Number.NaN;
    at += 3 + (type === REPEATED ? 1 : head >> 3);
    if ((head & 1) !== 0) return at;
  }
  return Number.NaN;
}
