/**
 * An artifact or a manifest as one blob with a checksum, for other machines. Numbers are little-endian.
 *
 *     envelope := "CLCE" format:u8 seal:u8 proofs rest
 *     seal     := 0 (a checksum) | 1 (the secret) | 2 (a signature) | 3 (both); `sealing.ts` has the proofs of each
 *     rest     := keyLength:u8 key compression:u8 size:u32 compressed body of `size` bytes
 *
 * Each proof covers everything but the proofs. The key is inside, so that a server cannot pass off one entry as another.
 */

import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { COMPRESSIONS, type Compression } from '../../cache/artifact.ts';
import { asBuffer } from '../../util/as-buffer.ts';
import { FORMATS } from '../../util/formats.ts';
import type { RemoteKey } from '../remote/remote.ts';
import { proofLength, proverOf, type Sealing, sealOf, whyNotProven } from './sealing.ts';

const MAGIC = 'CLCE';
const HEAD_LENGTH = 6;

/** One mebibyte takes a few milliseconds. */
const STEP = 1024 * 1024;

/**
 * If the first mebibyte does not shrink below this part, the body is sent uncompressed. Trying takes seconds with gzip.
 */
const WORTHWHILE = 0.9;

/** Upper bound of what an envelope adds to its body. */
export const ENVELOPE_OVERHEAD = 64 * 1024;

export type Opened =
  | { readonly kind: 'opened'; readonly body: Uint8Array }
  | { readonly kind: 'refused'; readonly because: string };

/** Node's types do not have zstd yet. */
type Zlib = Partial<
  Record<'zstdCompressSync' | 'zstdDecompressSync', (bytes: Uint8Array, options?: object) => Buffer> &
    Record<'createZstdCompress', () => Transform>
>;
const zstd = zlib as typeof zlib & Zlib;

/** The envelope of a body. Uses the best compression of this runtime if it makes the body smaller. */
export function sealEnvelope(key: RemoteKey, body: Uint8Array, sealing: Sealing): Uint8Array {
  const { head, middle, bytes } = partsOf(key, { body, smaller: compressed(body) }, sealing);
  const prover = proverOf(sealing);
  for (const part of [head, middle, bytes]) prover.update(part);
  return Buffer.concat([head, prover.proof(), middle, bytes]);
}

/** As `sealEnvelope`, in steps of a few milliseconds. `pause` is awaited between them, and may reject to stop. */
export async function sealInSteps(
  key: RemoteKey,
  body: Uint8Array,
  sealing: Sealing,
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  if (body.length <= STEP) return sealEnvelope(key, body, sealing);
  const first = body.subarray(0, STEP);
  const isWorthIt = compressed(first).length < WORTHWHILE * first.length;
  const smaller = isWorthIt ? await compressInSteps(body, pause) : body;
  const { head, middle, bytes } = partsOf(key, { body, smaller }, sealing);
  const prover = proverOf(sealing);
  prover.update(head);
  prover.update(middle);
  for (let at = 0; at < bytes.length; at += STEP) {
    prover.update(bytes.subarray(at, at + STEP));
    await pause();
  }
  return Buffer.concat([head, prover.proof(), middle, bytes]);
}

function compressed(body: Uint8Array): Uint8Array {
  return zstd.zstdCompressSync?.(body) ?? zlib.gzipSync(body, { level: 1 });
}

async function compressInSteps(body: Uint8Array, pause: () => Promise<void>): Promise<Uint8Array> {
  const stream = zstd.createZstdCompress?.() ?? zlib.createGzip({ level: 1 });
  const parts: Uint8Array[] = [];
  const whole = new Promise<void>((resolve, reject) => {
    stream.on('data', (part: Uint8Array) => parts.push(part));
    stream.once('end', resolve).once('error', reject).once('close', resolve);
  });
  try {
    for (let at = 0; at < body.length; at += STEP) {
      await new Promise((resolve) => stream.write(body.subarray(at, at + STEP), resolve));
      await pause();
    }
    stream.end();
    await whole;
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts);
}

interface Parts {
  readonly head: Uint8Array;
  readonly middle: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The parts of an envelope except its proofs. A body that does not shrink is not compressed. */
function partsOf(
  key: RemoteKey,
  { body, smaller }: Readonly<Record<'body' | 'smaller', Uint8Array>>,
  sealing: Sealing,
): Parts {
  const isSmaller = smaller.length < body.length;
  const best: Compression = zstd.zstdCompressSync ? 'zstd' : 'gzip';
  const name = Buffer.from(key, 'latin1');
  const middle = Buffer.alloc(name.length + 6);
  middle.writeUInt8(name.length, 0);
  name.copy(middle, 1);
  middle.writeUInt8(COMPRESSIONS.indexOf(isSmaller ? best : 'none'), name.length + 1);
  middle.writeUInt32LE(body.length, name.length + 2);
  const head = Buffer.from(`${MAGIC}\0\0`, 'latin1');
  head.writeUInt8(FORMATS.envelope, 4);
  head.writeUInt8(sealOf(sealing), 5);
  return { head, middle, bytes: isSmaller ? smaller : body };
}

/**
 * The body of an envelope that was requested under `key`. Opens only what has every proof that `sealing` can verify, and
 * nothing that is proven by what it does not have. The body has at most `maximumSize` bytes.
 */
export function openEnvelope(
  key: RemoteKey,
  blob: Uint8Array,
  { sealing, maximumSize }: { readonly sealing: Sealing; readonly maximumSize: number },
): Opened {
  const bytes = asBuffer(blob);
  if (bytes.length < HEAD_LENGTH || bytes.toString('latin1', 0, 4) !== MAGIC)
    return refused('it is not an entry');
  if (bytes[4] !== FORMATS.envelope) return refused('it has another format');
  const start = startOfRest(bytes);
  if (start === undefined) return refused('it is signed in an unknown way');
  if (bytes.length < start + 1) return refused('it is cut off');
  const doubt = whyNotProven(sealing, bytes.readUInt8(5), {
    proofs: bytes.subarray(HEAD_LENGTH, start),
    parts: [bytes.subarray(0, HEAD_LENGTH), bytes.subarray(start)],
  });
  if (doubt !== undefined) return refused(doubt);
  const nameEnd = start + 1 + (bytes[start] ?? 0);
  if (bytes.length < nameEnd + 5) return refused('it is cut off');
  if (bytes.toString('latin1', start + 1, nameEnd) !== key) return refused('it is the entry of another key');
  const size = bytes.readUInt32LE(nameEnd + 1);
  if (size > maximumSize) return refused(`it declares ${size} bytes`);
  const compression = COMPRESSIONS[bytes[nameEnd] ?? -1];
  if (compression === undefined) return refused('it is compressed in an unknown way');
  return decompressed(compression, bytes.subarray(nameEnd + 5), size);
}

/** The key that an envelope claims. The claim is not verified. */
export function keyOfEnvelope(blob: Uint8Array): RemoteKey | undefined {
  const bytes = asBuffer(blob);
  const start = startOfRest(bytes);
  if (start === undefined) return undefined;
  const key = bytes.toString('latin1', start + 1, start + 1 + (bytes[start] ?? 0));
  return /^v\d+\/[om]\/[0-9a-f]{40}$/.test(key) ? (key as RemoteKey) : undefined;
}

/** Where the part behind the proofs begins. Undefined if the kind of the proofs is not known. */
function startOfRest(bytes: Buffer): number | undefined {
  const length = proofLength(bytes[5]);
  return length === undefined ? undefined : HEAD_LENGTH + length;
}

function refused(because: string): Opened {
  return { kind: 'refused', because };
}

/** A body that is larger or smaller than the declared size is refused. */
function decompressed(compression: Compression, bytes: Uint8Array, size: number): Opened {
  const limit = { maxOutputLength: Math.max(size, 1) };
  let body: Uint8Array | undefined;
  try {
    if (compression === 'none') body = bytes;
    else if (compression === 'gzip') body = zlib.gunzipSync(bytes, limit);
    else body = zstd.zstdDecompressSync?.(bytes, limit);
  } catch {
    return refused('it does not decompress to the size that it declares');
  }
  if (body === undefined) return refused(`this runtime cannot read ${compression}`);
  return body.length === size ? { kind: 'opened', body } : refused('its size is not the declared one');
}
