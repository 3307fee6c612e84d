/**
 * A large artifact is sent in parts, so that neither side needs memory for all of it. The envelope under its key holds the
 * list of them:
 *
 *     body := 0:u32 LE, indexLength:u32 LE, index (as in artifact.json, `compression` is 'none') { part }
 *     part := compression:u8 length:u32 LE digest:32 (SHA-256 of the part as it is sent)
 *
 * The parts are those of each file in the order of the index. Each holds `PART_SIZE` bytes of contents, and the last of a
 * file fewer. The envelope proves the list, and the list proves the parts. The list is sent last: without it, the parts
 * belong to nothing.
 */
import {
  type ArtifactFile,
  COMPRESSIONS,
  type Compression,
  decodeArtifactIndex,
  encodeArtifactIndex,
} from '../../cache/artifact.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { asBuffer } from '../../util/as-buffer.ts';
import { FORMATS } from '../../util/formats.ts';
import type { RemoteKey } from '../remote/remote.ts';
import { ARTIFACT_LIMIT } from './artifact-body.ts';

/** In bytes. A few of them are in memory at once. */
export const PART_SIZE = 4 * 1024 * 1024;
/** The files of a larger artifact are sent in parts. In bytes. */
export const LARGEST_WHOLE = 2 * PART_SIZE;
/** The largest body under the key of an artifact: the whole one, or a list. An index with paths may be as large as files. */
export const BODY_LIMIT = 2 * LARGEST_WHOLE;

const HEAD_BYTES = 8;
const PART_BYTES = 1 + 4 + 32;

export interface Part {
  readonly compression: Compression;
  /** In bytes, as it is sent. */
  readonly length: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface PartList {
  readonly files: readonly ArtifactFile[];
  /** The parts of each file. */
  readonly parts: readonly (readonly Part[])[];
}

/** The name of a part in a store. Two artifacts have no part in common, so that one can be removed without the other. */
export function partKeyName(artifact: Digest, part: Part): RemoteKey {
  return `v${FORMATS.layout}/p/${digestOfParts([artifact, part.sha256])}`;
}

/** How many bytes of a file of this size are in a part. */
export function sizeOfPart(fileSize: number, number: number): number {
  return Math.min(PART_SIZE, fileSize - number * PART_SIZE);
}

/** The body of an envelope with a list. */
export function encodePartList(key: Digest, { files, parts }: PartList): Uint8Array {
  const rows = files.map((file): ArtifactFile => ({ ...file, compression: 'none' }));
  const index = Buffer.from(encodeArtifactIndex({ key, files: rows }));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(index.length, HEAD_BYTES / 2);
  return Buffer.concat([head, index, ...parts.flat().map(encodePart)]);
}

/** The list that `encodePartList` made for this key. Undefined for every other body. Never throws. */
export function decodePartList(key: Digest, body: Uint8Array): PartList | undefined {
  const bytes = asBuffer(body);
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== 0) return undefined;
  let at = HEAD_BYTES + bytes.readUInt32LE(HEAD_BYTES / 2);
  const files = decodeIndex(bytes.toString('utf8', HEAD_BYTES, at), key);
  if (!files || files.reduce((sum, { size }) => sum + size, 0) > ARTIFACT_LIMIT) return undefined;
  const parts: Part[][] = [];
  for (const { size, compression } of files) {
    const own: Part[] = [];
    for (let number = 0; number * PART_SIZE < size; number += 1) {
      const part = decodePart(bytes.subarray(at, at + PART_BYTES), sizeOfPart(size, number));
      if (!part) return undefined;
      own.push(part);
      at += PART_BYTES;
    }
    if (compression !== 'none') return undefined;
    parts.push(own);
  }
  return at === bytes.length ? { files, parts } : undefined;
}

function decodeIndex(text: string, key: Digest): readonly ArtifactFile[] | undefined {
  try {
    return decodeArtifactIndex(text, key)?.files;
  } catch {
    return undefined;
  }
}

function encodePart({ compression, length, sha256 }: Part): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt8(COMPRESSIONS.indexOf(compression), 0);
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, Buffer.from(sha256, 'hex')]);
}

/** A part is compressed only if that makes it smaller. */
function decodePart(bytes: Buffer, size: number): Part | undefined {
  if (bytes.length < PART_BYTES) return undefined;
  const compression = COMPRESSIONS[bytes.readUInt8(0)];
  const length = bytes.readUInt32LE(1);
  const isRight = compression === 'none' ? length === size : length > 0 && length < size;
  return compression && isRight ? { compression, length, sha256: bytes.toString('hex', 5) } : undefined;
}
