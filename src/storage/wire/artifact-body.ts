/**
 * An artifact as the body of an envelope:
 *
 *     body := indexLength:u32 LE, index (as in artifact.json, `compression` is 'none'), contents of the files in its order
 *
 * Files are named by their role. The receiver decides where they go.
 */
import {
  type ArtifactFile,
  type ArtifactRole,
  decodeArtifactIndex,
  encodeArtifactIndex,
} from '../../cache/artifact.ts';
import { digestOfContents } from '../../hash/contents-digest.ts';
import type { Digest } from '../../hash/digest.ts';
import { asBuffer } from '../../util/as-buffer.ts';
import type { NewArtifactFile, RestoreTarget } from '../store.ts';

/** The largest artifact that is shared, in bytes. Larger ones stay on the machine that made them. */
export const ARTIFACT_LIMIT = 256 * 1024 * 1024;

const LENGTH_BYTES = 4;

/** A whole file of an artifact. */
export type PackedFile = Extract<NewArtifactFile, { readonly bytes: Uint8Array }>;

/** The part of the body before the contents of the files. */
export function packHead(key: Digest, rows: readonly ArtifactFile[]): Uint8Array {
  const index = Buffer.from(encodeArtifactIndex({ key, files: rows }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index]);
}

/** The body. Undefined if it would be larger than `limit`. */
export function packArtifact(
  key: Digest,
  files: readonly PackedFile[],
  limit: number = ARTIFACT_LIMIT,
): Uint8Array | undefined {
  const rows = files.map(
    ({ role, bytes, splices, compileMs }): ArtifactFile => ({
      role,
      size: bytes.length,
      digest: digestOfContents(bytes),
      compression: 'none',
      splices,
      compileMs,
    }),
  );
  const parts = [packHead(key, rows), ...files.map(({ bytes }) => bytes)];
  return parts.reduce((sum, part) => sum + part.length, 0) > limit ? undefined : Buffer.concat(parts);
}

/**
 * True if an artifact has exactly the files that a compile with these targets leaves, and its streams. An entry from
 * elsewhere may verify although another program made it with other files.
 */
export function isOfUse(
  files: readonly Pick<ArtifactFile, 'role' | 'size'>[],
  targets: readonly RestoreTarget[],
): boolean {
  const sizes = new Map(files.map(({ role, size }) => [role, size]));
  const known = new Set<ArtifactRole>(['stdout', 'stderr', ...targets.map(({ role }) => role)]);
  const isWhole = targets.every(({ role }) => (sizes.get(role) ?? -1) >= (role === 'object' ? 1 : 0));
  return isWhole && sizes.size === files.length && files.every(({ role }) => known.has(role));
}

/** The files of a body that `packArtifact` made for this key. Undefined for every other body. Never throws. */
export function unpackArtifact(key: Digest, body: Uint8Array): readonly PackedFile[] | undefined {
  const bytes = asBuffer(body);
  if (bytes.length < LENGTH_BYTES) return undefined;
  let position = LENGTH_BYTES + bytes.readUInt32LE(0);
  const index = decoded(bytes.toString('utf8', LENGTH_BYTES, position), key);
  if (!index || new Set(index.map(({ role }) => role)).size < index.length) return undefined;
  const files: PackedFile[] = [];
  for (const { role, size, digest, compression, splices, compileMs } of index) {
    const contents = bytes.subarray(position, position + size);
    if (size < 0 || compression !== 'none' || contents.length !== size) return undefined;
    if (digestOfContents(contents) !== digest) return undefined;
    files.push({ role, bytes: contents, splices, ...(compileMs !== undefined && { compileMs }) });
    position += size;
  }
  return position === bytes.length ? files : undefined;
}

/** The index, or undefined if the text is not JSON or has another shape. */
function decoded(text: string, key: Digest): readonly ArtifactFile[] | undefined {
  try {
    return decodeArtifactIndex(text, key)?.files;
  } catch {
    return undefined;
  }
}
