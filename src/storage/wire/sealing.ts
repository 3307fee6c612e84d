/**
 * How an entry is proven: by a checksum, by the secret that writers and readers share, by the signature of a writer, or
 * by the last two. A reader demands every proof that it has the means to verify, so that neither can be left away.
 */
import { createHash, createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import { KEY_ID_BYTES, type SigningKey, type TrustedKey } from './signing-keys.ts';

/** What entries are proven with. Empty: a checksum, which anybody can make. */
export interface Sealing {
  /** Whoever has it can write and read. */
  readonly secret?: string | undefined;
  /** Signs what is sent. */
  readonly signer?: SigningKey;
  /** Whose signatures count. Without it no signature is asked for. */
  readonly trusted?: readonly TrustedKey[];
}

/** The bits of the byte in an envelope that says which proofs follow. */
const SEALS = { secret: 1, signature: 2 } as const;
const HIGHEST_SEAL = SEALS.secret | SEALS.signature;
const DIGEST_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** No other program signs a text that begins so. */
const SIGNED_WORDS = 'clcache signed envelope\n';

/** Takes the bytes of an envelope without its proofs, in their order. */
export interface Prover {
  update(bytes: Uint8Array): void;
  /** Called last. */
  proof(): Uint8Array;
}

/** False for who trusts signers and is none: nobody who trusts them would read what it sends. */
export function maySend({ signer, trusted }: Sealing): boolean {
  return signer !== undefined || trusted === undefined;
}

/** The byte for the proofs that this sealing makes. */
export function sealOf({ secret, signer }: Sealing): number {
  return (secret === undefined ? 0 : SEALS.secret) | (signer === undefined ? 0 : SEALS.signature);
}

/** The length of the proofs behind this byte. Undefined for a byte that no sealing makes. */
export function proofLength(seal: number | undefined): number | undefined {
  if (seal === undefined || seal > HIGHEST_SEAL) return undefined;
  if (!has(seal, 'signature')) return DIGEST_BYTES;
  return KEY_ID_BYTES + SIGNATURE_BYTES + (has(seal, 'secret') ? DIGEST_BYTES : 0);
}

/**
 * Makes the proofs:
 *
 *     proofs    := SHA-256 | HMAC | key signature | key signature HMAC
 *     HMAC      := HMAC-SHA-256 with the secret
 *     key       := the first 8 bytes of the SHA-256 of the public key
 *     signature := Ed25519 of "clcache signed envelope" LF key SHA-256
 */
export function proverOf(sealing: Sealing): Prover {
  const { secret, signer } = sealing;
  const digest = secret === undefined || signer ? createHash('sha256') : undefined;
  const code = secret === undefined ? undefined : createHmac('sha256', secret);
  return {
    update(bytes) {
      digest?.update(bytes);
      code?.update(bytes);
    },
    proof() {
      const sum = digest?.digest() ?? Buffer.of();
      const signed = signer ? [signer.id, sign(null, signedText(signer.id, sum), signer.privateKey)] : [sum];
      return Buffer.concat([...signed, ...(code ? [code.digest()] : [])]);
    },
  };
}

/** Why the proofs of an envelope do not satisfy this sealing. Undefined if they do. `parts` is all but the proofs. */
export function whyNotProven(
  { secret, trusted }: Sealing,
  seal: number,
  { proofs, parts }: { readonly proofs: Buffer; readonly parts: readonly Uint8Array[] },
): string | undefined {
  if (secret === undefined && trusted === undefined && seal !== 0) return unverifiable(seal);
  if (secret !== undefined && !has(seal, 'secret')) return 'it is not signed with CLCACHE_REMOTE_SECRET';
  if (trusted && !has(seal, 'signature')) return 'it is not signed with a key';
  if (secret !== undefined && !isProof(proofs.subarray(-DIGEST_BYTES), proverOf({ secret }), parts))
    return 'it is signed with another secret, or changed';
  if (trusted) return whyNotSigned(trusted, proofs, parts);
  if (secret === undefined && !isProof(proofs, proverOf({}), parts)) return 'its checksum is wrong';
  return undefined;
}

function whyNotSigned(
  trusted: readonly TrustedKey[],
  proofs: Buffer,
  parts: readonly Uint8Array[],
): string | undefined {
  const id = proofs.subarray(0, KEY_ID_BYTES);
  const keys = trusted.filter((key) => key.id.equals(id));
  if (keys.length === 0) return `it is signed with another key (${id.toString('hex')})`;
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  const text = signedText(id, sum.digest());
  const signature = proofs.subarray(KEY_ID_BYTES, KEY_ID_BYTES + SIGNATURE_BYTES);
  const isSigned = keys.some(({ publicKey }) => verify(null, text, publicKey, signature));
  return isSigned ? undefined : 'its signature is wrong, or it was changed';
}

/** Nobody could verify it here. */
function unverifiable(seal: number): string {
  const name = has(seal, 'signature') ? 'CLCACHE_REMOTE_TRUST' : 'CLCACHE_REMOTE_SECRET';
  return `it is signed and ${name} is not set`;
}

function isProof(given: Uint8Array, prover: Prover, parts: readonly Uint8Array[]): boolean {
  for (const part of parts) prover.update(part);
  return timingSafeEqual(given, prover.proof());
}

function signedText(id: Uint8Array, sum: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(SIGNED_WORDS), id, sum]);
}

function has(seal: number, proof: keyof typeof SEALS): boolean {
  return (seal & SEALS[proof]) !== 0;
}
