import { newHasher } from '../runtime/hasher.ts';
import type { Brand } from '../util/brand.ts';

/**
 * 160 bits of SHA-256 as 40 hexadecimal digits in small letters. It resists collisions, and is fast with the
 * processor's own instructions: about 2 GB/s here, where BLAKE2b reaches 1.2.
 */
export type Digest = Brand<string, 'Digest'>;

const DIGITS = 40;

/** The digest of these bytes. */
export function digestOfBytes(bytes: Uint8Array): Digest {
  const hasher = newHasher();
  hasher.update(bytes);
  return hasher.digest('hex').slice(0, DIGITS) as Digest;
}

/** The digest of a list of parts. Each part is hashed with its length, so that 'ab','c' differs from 'a','bc'. */
export function digestOfParts(parts: readonly string[]): Digest {
  const hasher = newHasher();
  for (const part of parts) hasher.update(`${Buffer.byteLength(part)}:${part}`);
  return hasher.digest('hex').slice(0, DIGITS) as Digest;
}

/** A digest of bytes in pieces, for files that do not fit into memory. */
export function incrementalDigest(): { update(bytes: Uint8Array): void; finish(): Digest } {
  const hasher = newHasher();
  return {
    update: (bytes) => void hasher.update(bytes),
    finish: () => hasher.digest('hex').slice(0, DIGITS) as Digest,
  };
}
