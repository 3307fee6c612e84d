import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { Compression } from '../../cache/artifact.ts';
import { contentsDigest, digestOfContents } from '../../hash/contents-digest.ts';
import type { Digest } from '../../hash/digest.ts';
import { CHUNK_SIZE, openForReading } from '../../hash/file-chunks.ts';
import { tracked } from '../../runtime/file-tracking.ts';
import { retryWhileBusy } from '../../util/busy-retry.ts';
import { openOwnFile, readOwnFile } from '../../util/own-file.ts';
import { cloneFile, setTimeToNow } from './clone-file.ts';
import { codecOf } from './compression.ts';

/**
 * A file in the store. An uncompressed one holds its contents unchanged. A compressed one consists of frames of at most
 * one mebibyte of contents, so that a file of any size needs constant memory:
 *
 *     frame := <length of contents: uint32 LE> <length compressed: uint32 LE> <compressed bytes>
 */
const FRAME_HEAD = 8;

export interface StoredContents {
  readonly size: number;
  readonly digest: Digest;
  readonly compression: Compression;
}

export interface HowToStore {
  readonly compression: Compression;
  /** Without it, the one of the compression. */
  readonly level?: number | undefined;
}

/** Copies `source` into the store. Returns what is needed to verify it, and the bytes that it takes. */
export function storeFile(
  source: string,
  target: string,
  how: HowToStore,
): StoredContents & { readonly storedSize: number } {
  const { compression } = how;
  if (compression === 'none' && statSync(source).size <= CHUNK_SIZE) {
    const bytes = retryWhileBusy(() => readFileSync(source));
    writeFileSync(target, bytes, { flag: 'wx' });
    return { size: bytes.length, digest: digestOfContents(bytes), compression, storedSize: bytes.length };
  }
  const reader = openForReading(source);
  try {
    return storeChunks(reader.next, target, how);
  } finally {
    reader.close();
  }
}

/** As `storeFile`, for bytes in memory. */
export function storeBytes(
  bytes: Uint8Array,
  target: string,
  how: HowToStore,
): StoredContents & { readonly storedSize: number } {
  const { compression } = how;
  if (compression === 'none') {
    writeFileSync(target, bytes, { flag: 'wx' });
    return { size: bytes.length, digest: digestOfContents(bytes), compression, storedSize: bytes.length };
  }
  let position = 0;
  const next = () => {
    const chunk = bytes.subarray(position, position + CHUNK_SIZE);
    position += chunk.length;
    return chunk;
  };
  return storeChunks(next, target, how);
}

function storeChunks(
  next: () => Uint8Array,
  target: string,
  { compression, level }: HowToStore,
): StoredContents & { readonly storedSize: number } {
  const codec = codecOf(compression);
  if (!codec) throw new Error(`this runtime cannot write ${compression}`);
  const hasher = contentsDigest();
  const descriptor = openSync(target, 'wx');
  let size = 0;
  let storedSize = 0;
  try {
    for (let chunk = next(); chunk.length > 0; chunk = next()) {
      hasher.update(chunk);
      size += chunk.length;
      const bytes = compression === 'none' ? chunk : frame(chunk.length, codec.compress(chunk, level));
      writeAll(descriptor, bytes);
      storedSize += bytes.length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { size, digest: hasher.finish(), compression, storedSize };
}

function frame(contentLength: number, compressed: Uint8Array): Uint8Array {
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUInt32LE(contentLength, 0);
  head.writeUInt32LE(compressed.length, 4);
  return Buffer.concat([head, compressed]);
}

/** Writes a new file in a build folder. */
export function writeNewFile(target: string, bytes: Uint8Array): void {
  writingOutput(target, (write) => write(bytes));
}

/**
 * Opens a new file in a build folder, and closes it after `work`. MSBuild must know the object as an output. It tracks
 * all three of opening, writing and closing. Bun's `writeFileSync` bypasses the calls that it watches.
 */
function writingOutput<T>(target: string, work: (write: (bytes: Uint8Array) => void) => T): T {
  const descriptor = tracked(() => openSync(target, 'wx'));
  try {
    return work((bytes) => tracked(() => writeAll(descriptor, bytes)));
  } finally {
    tracked(() => closeSync(descriptor));
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** The verified contents of a stored file. Undefined if they do not verify. Throws if it is missing. */
export function readStored(file: string, expected: StoredContents): Uint8Array | undefined {
  if (expected.compression === 'none') return readVerified(file, expected);
  const parts: Uint8Array[] = [];
  return copyVerified(file, expected, (chunk) => parts.push(Buffer.from(chunk)))
    ? Buffer.concat(parts)
    : undefined;
}

function readVerified(file: string, { size, digest }: StoredContents): Uint8Array | undefined {
  const bytes = readOwnFile(file, size);
  return bytes.length === size && digestOfContents(bytes) === digest ? bytes : undefined;
}

/** Writes the contents of a stored file to a new file. False if they do not verify. Throws if it is missing. */
export function restoreFile(file: string, expected: StoredContents, target: string): boolean {
  if (expected.compression === 'none' && expected.size <= CHUNK_SIZE) {
    const bytes = readVerified(file, expected);
    if (bytes) writeNewFile(target, bytes);
    return bytes !== undefined;
  }
  if (expected.compression === 'none' && cloneFile(file, target)) {
    if (copyVerified(target, expected, () => {})) return true;
    unlinkSync(target);
  }
  return writingOutput(target, (write) => copyVerified(file, expected, write));
}

/**
 * Links a stored file to a new name instead of copying it, and sets its time to now. False if its contents do not verify.
 */
export function linkFile(file: string, expected: StoredContents, target: string): boolean {
  if (!copyVerified(file, expected, () => {})) return false;
  linkSync(file, target);
  setTimeToNow(target);
  return true;
}

function copyVerified(file: string, expected: StoredContents, write: (chunk: Uint8Array) => void): boolean {
  const chunks = verifiedChunks(file, expected);
  for (;;) {
    const { value, done } = chunks.next();
    if (done === true) return value;
    write(value);
  }
}

/**
 * The contents of a stored file in pieces of at most a mebibyte, each valid until the next is taken. Returns whether
 * all of them together verify. Throws if the file is missing.
 */
export function* verifiedChunks(
  file: string,
  expected: StoredContents,
): Generator<Uint8Array, boolean, undefined> {
  const codec = codecOf(expected.compression);
  if (!codec) return false;
  const hasher = contentsDigest();
  const reader = openForReading(file, (path) => openOwnFile(path, storedSizeOf(expected)).descriptor);
  let size = 0;
  try {
    for (;;) {
      const chunk = expected.compression === 'none' ? reader.next() : nextFrame(reader, codec.decompress);
      if (chunk === undefined || size + chunk.length > expected.size) return false;
      if (chunk.length === 0) break;
      size += chunk.length;
      hasher.update(chunk);
      yield chunk;
    }
  } finally {
    reader.close();
  }
  return size === expected.size && hasher.finish() === expected.digest;
}

/** The largest possible size of a stored file, in bytes: contents that do not compress may grow a little. */
function storedSizeOf({ size, compression }: StoredContents): number {
  return compression === 'none' ? size : 2 * size + CHUNK_SIZE;
}

/** The contents of the next frame. Empty at the end of the file. Undefined if it is not a frame. */
function nextFrame(
  reader: ReturnType<typeof openForReading>,
  decompress: (bytes: Uint8Array, maximumSize: number) => Uint8Array,
): Uint8Array | undefined {
  const head = Buffer.from(reader.next(FRAME_HEAD));
  if (head.length === 0) return head;
  if (head.length < FRAME_HEAD) return undefined;
  const [contentLength, length] = [head.readUInt32LE(0), head.readUInt32LE(4)];
  if (contentLength === 0 || contentLength > CHUNK_SIZE || length > 2 * CHUNK_SIZE) return undefined;
  const bytes = reader.next(length);
  if (bytes.length < length) return undefined;
  try {
    const contents = decompress(bytes, contentLength);
    return contents.length === contentLength ? contents : undefined;
  } catch {
    // A frame that does not decompress is damaged.
    return undefined;
  }
}
