/**
 * The digest of the contents of a large file: of a stored one, to see that it is not damaged, and of the parts of a
 * compiler. It differs for any two files that were not made to have the same. Nobody gains by making such files: who can
 * replace a stored file can replace the digest beside it, and who can replace a compiler decides what it writes.
 *
 * Contents below a mebibyte have their SHA-256. Larger ones have the SHA-256 of the GMACs of their pieces (AES-128-GCM, NIST
 * SP 800-38D, without a text to encrypt), because a copy of 250 MB takes 110 ms here, its SHA-256 210 and its GMACs 40.
 * Bun and Node.js both have GMAC built in, and both with the processor's own instructions.
 */
import { newHasher } from '../runtime/hasher.ts';
import type { Digest } from './digest.ts';
import { CHUNK_SIZE, eachPiece } from './file-chunks.ts';

const DIGITS = 40;
/** The digest is compared and keeps no secret, so that a key and a nonce known to all do. */
const KEY = Buffer.alloc(16);
const NONCE = Buffer.alloc(12);

/** The digest of contents that come in pieces. Each piece but the last has `CHUNK_SIZE` bytes. */
export function contentsDigest(): { update(piece: Uint8Array): void; finish(): Digest } {
  const hasher = newHasher();
  let isLarge = false;
  return {
    update(piece) {
      isLarge ||= piece.length >= CHUNK_SIZE;
      hasher.update(isLarge ? gmac(piece) : piece);
    },
    finish: () => hasher.digest('hex').slice(0, DIGITS) as Digest,
  };
}

/** The digest of contents in memory. */
export function digestOfContents(bytes: Uint8Array): Digest {
  const digest = contentsDigest();
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) digest.update(bytes.subarray(at, at + CHUNK_SIZE));
  return digest.finish();
}

/** The digest of the contents of a file. Undefined if it cannot be read. */
export function digestOfContentsOf(path: string): Digest | undefined {
  const digest = contentsDigest();
  try {
    eachPiece(path, (piece) => digest.update(piece));
  } catch {
    return undefined;
  }
  return digest.finish();
}

/** `node:crypto` is loaded for large contents only, because that takes 4 ms on Bun. */
function gmac(piece: Uint8Array): Uint8Array {
  const { createCipheriv } = process.getBuiltinModule('node:crypto');
  const cipher = createCipheriv('aes-128-gcm', KEY, NONCE);
  cipher.setAAD(piece);
  cipher.final();
  return cipher.getAuthTag();
}
