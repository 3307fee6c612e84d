/**
 * The same memory as a `Buffer`. A view of a `Buffer` is not made anew: for each of thousands of small texts, asking for
 * its memory costs more than reading it.
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
