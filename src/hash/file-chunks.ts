import { closeSync, openSync, readSync } from 'node:fs';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';

/** One mebibyte: large enough for the speed of the disk, and small enough that a 200 MB object takes little memory. */
export const CHUNK_SIZE = 1024 * 1024;

export interface ChunkReader {
  /**
   * The next bytes, valid until the next call. Empty at the end. Fills up to `length` bytes if the file has that many.
   */
  next(length?: number): Uint8Array;
  close(): void;
}

/** Reads a file in pieces through one buffer. Throws what `open` and `readSync` throw. */
export function openForReading(path: string, open: (path: string) => number = openPlainly): ChunkReader {
  const descriptor = open(path);
  let buffer = Buffer.allocUnsafe(CHUNK_SIZE);
  return {
    next(length = CHUNK_SIZE) {
      if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const read = readSync(descriptor, buffer, filled, length - filled, null);
        if (read === 0) break;
        filled += read;
      }
      return buffer.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}

/** Gives the whole file to `use`, in pieces that are valid until it returns. Throws as `openForReading` does. */
export function eachPiece(path: string, use: (piece: Uint8Array) => void): void {
  const file = openForReading(path);
  try {
    for (let piece = file.next(); piece.length > 0; piece = file.next()) use(piece);
  } finally {
    file.close();
  }
}

/** True if `test` is true for a piece of a file of any size. The pieces overlap by this many bytes. */
export function somePiece(path: string, overlap: number, test: (bytes: Buffer) => boolean): boolean {
  const descriptor = openPlainly(path);
  const buffer = Buffer.allocUnsafe(overlap + CHUNK_SIZE);
  let kept = 0;
  try {
    for (;;) {
      const read = readSync(descriptor, buffer, kept, CHUNK_SIZE, null);
      if (read === 0) return false;
      const piece = buffer.subarray(0, kept + read);
      if (test(piece)) return true;
      kept = Math.min(overlap, piece.length);
      buffer.copyWithin(0, piece.length - kept, piece.length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function openPlainly(path: string): number {
  return retryWhileBusy(() => openSync(systemName(path), 'r'));
}
