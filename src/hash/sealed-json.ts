import { digestOfBytes } from '../hash/digest.ts';
import { parseJson } from '../util/json.ts';

/**
 * JSON with a checksum: `{"body":<json>,"digest":"<digest of the body's bytes>"}`. A file that was cut off, mixed with
 * another one or damaged on disk is refused.
 */
const HEAD = '{"body":';
const MIDDLE = ',"digest":"';
const TAIL = '"}';
const DIGEST_LENGTH = 40;

export function sealJson(body: string): string {
  return `${HEAD}${body}${MIDDLE}${digestOfBytes(Buffer.from(body))}${TAIL}`;
}

/** The value that was sealed. Undefined if `sealJson` did not make the text. */
export function openSealedJson(text: string): unknown {
  const body = openSealed(text);
  return body === undefined ? undefined : parseJson(body);
}

/** The body that was sealed, as text. Undefined if `sealJson` did not make the text. */
export function openSealed(text: string): string | undefined {
  const end = text.length - TAIL.length - DIGEST_LENGTH - MIDDLE.length;
  if (end < HEAD.length || !text.startsWith(HEAD) || !text.startsWith(MIDDLE, end) || !text.endsWith(TAIL)) {
    return undefined;
  }
  const body = text.slice(HEAD.length, end);
  const digest = text.slice(end + MIDDLE.length, -TAIL.length);
  return digestOfBytes(Buffer.from(body)) === digest ? body : undefined;
}
