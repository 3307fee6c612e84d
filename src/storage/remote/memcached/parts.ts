/**
 * memcached keeps no item above a mebibyte (`-I`). A larger value is stored in parts:
 *
 *     <key>           value below a mebibyte:  0x00 value
 *                     else a head:             0x01 JSON {"parts": n, "size": bytes, "digest": "<of the value>"}
 *     <key>/<digest>/<number>                  the parts
 *
 * The digest in the names keeps the parts of two values for one key apart. The server may evict any part at any time.
 * The value is then missing as a whole.
 */
import { digestOfBytes } from '../../../hash/digest.ts';
import { isJsonObject } from '../../../util/json.ts';
import { RefusedError } from '../remote.ts';

/** Leaves room for the key and memcached's own overhead below a mebibyte. */
export const PART_SIZE = 1_000_000;
/** A larger object would evict hundreds of others. */
export const MEMCACHED_LIMIT = 64 * PART_SIZE;
/** A few parts are requested at once, so that their answers need not wait for each other. */
const PARTS_AT_ONCE = 4;
const HEAD_LIMIT = 1024;

const WHOLE = 0;
const HEAD = 1;

export interface Values {
  get(key: string, maximumSize: number): Promise<Uint8Array | undefined>;
  set(key: string, bytes: Uint8Array): Promise<void>;
}

export async function putInParts(values: Values, key: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length > MEMCACHED_LIMIT) throw new RefusedError(`${bytes.length} bytes are too many`, true);
  if (bytes.length <= PART_SIZE) return values.set(key, Buffer.concat([Buffer.of(WHOLE), bytes]));
  const digest = digestOfBytes(bytes);
  const parts = Math.ceil(bytes.length / PART_SIZE);
  await inTurn(parts, (index) =>
    values.set(`${key}/${digest}/${index}`, bytes.subarray(index * PART_SIZE, (index + 1) * PART_SIZE)),
  );
  const head = JSON.stringify({ parts, size: bytes.length, digest });
  await values.set(key, Buffer.concat([Buffer.of(HEAD), Buffer.from(head)]));
}

export async function getInParts(
  values: Values,
  key: string,
  maximumSize: number,
): Promise<Uint8Array | undefined> {
  const first = await values.get(key, Math.max(HEAD_LIMIT, Math.min(PART_SIZE, maximumSize) + 1));
  if (first?.[0] === WHOLE) return first.subarray(1);
  const head = first?.[0] === HEAD ? decodeHead(first, maximumSize) : undefined;
  // A value of another program is returned as it is, and will not verify.
  if (!head) return first;
  const parts: Uint8Array[] = [];
  let isWhole = true;
  await inTurn(head.parts, async (index) => {
    const part = isWhole ? await values.get(`${key}/${head.digest}/${index}`, PART_SIZE) : undefined;
    if (part) parts[index] = part;
    else isWhole = false;
  });
  if (!isWhole) return undefined;
  const bytes = Buffer.concat(parts);
  return bytes.length === head.size && digestOfBytes(bytes) === head.digest ? bytes : undefined;
}

function decodeHead(
  bytes: Uint8Array,
  maximumSize: number,
): { readonly parts: number; readonly size: number; readonly digest: string } | undefined {
  if (bytes.length > HEAD_LIMIT) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes.subarray(1)).toString('latin1'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(json)) return undefined;
  const { parts, size, digest } = json;
  if (typeof size !== 'number' || !(size > PART_SIZE) || size > Math.min(maximumSize, MEMCACHED_LIMIT))
    return undefined;
  if (parts !== Math.ceil(size / PART_SIZE) || typeof digest !== 'string' || !/^[0-9a-f]{40}$/.test(digest))
    return undefined;
  return { parts, size, digest };
}

/** Runs `work` for 0, 1, 2 … with a few at once. */
async function inTurn(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, PARTS_AT_ONCE) }, worker));
}
