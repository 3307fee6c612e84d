import { asBuffer } from '../util/as-buffer.ts';
import { READINGS } from './readings.ts';

/** A text that is ready to be read, and what other readings would have to change in it. */
export interface PreparedText {
  readonly bytes: Buffer;
  /** Bits of `READINGS` that `inReading` must apply. */
  readonly differs: number;
}

const BACKSLASH = 0x5c;

/**
 * The bytes of a source in UTF-8 or a code page, without a byte order mark. UTF-16 (which cl reads) is recognised by
 * its mark. Undefined if the text has zeros that the compiler may take for letters of UTF-16 without a mark.
 */
export function prepare(raw: Uint8Array, readsLooseText: boolean): PreparedText | undefined {
  const bytes = withoutMark(raw);
  if (readsLooseText && bytes.includes(0)) return undefined;
  let differs = 0;
  if (bytes.includes('??') && ['??/', '??=', "??'"].some((trigraph) => bytes.includes(trigraph))) {
    differs |= READINGS.trigraphs;
  }
  if (!readsLooseText) return { bytes, differs };
  if (hasLoneReturn(bytes)) differs |= READINGS.returnIsBlank;
  if (hasLooseSplice(bytes)) differs |= READINGS.tightSplices;
  if (hasHalfLetter(bytes)) differs |= READINGS.halfLetters;
  return { bytes, differs };
}

/** The text as a compiler with this reading sees it. */
export function inReading(bytes: Buffer, reading: number): Buffer {
  const changes = READINGS.trigraphs | READINGS.returnIsBlank | READINGS.halfLetters;
  if ((reading & changes) === 0) return bytes;
  let text = bytes.toString('latin1');
  if (reading & READINGS.halfLetters) text = replaceHalves(text);
  if (reading & READINGS.trigraphs) {
    text = text.replaceAll('??/', '\\').replaceAll('??=', '#').replaceAll("??'", '^');
  }
  if (reading & READINGS.returnIsBlank) {
    text = text.replaceAll('\r\n', '\n').replaceAll('\r', ' ');
  }
  return Buffer.from(text, 'latin1');
}

function withoutMark(raw: Uint8Array): Buffer {
  const buffer = asBuffer(raw);
  if (raw[0] === 0xff && raw[1] === 0xfe) return Buffer.from(buffer.toString('utf16le', 2));
  if (raw[0] === 0xfe && raw[1] === 0xff) {
    const whole = buffer.subarray(2, buffer.length - (buffer.length % 2));
    return Buffer.from(Buffer.from(whole).swap16().toString('utf16le'));
  }
  const hasMark = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
  return hasMark ? buffer.subarray(3) : buffer;
}

function hasLoneReturn(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0x0d); at >= 0; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] !== 0x0a) return true;
  }
  return false;
}

function hasLooseSplice(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(BACKSLASH); at >= 0; at = bytes.indexOf(BACKSLASH, at + 1)) {
    let next = at + 1;
    while (bytes[next] === 0x20 || bytes[next] === 0x09 || bytes[next] === 0x0b || bytes[next] === 0x0c)
      next++;
    if (next > at + 1 && (bytes[next] === 0x0a || bytes[next] === 0x0d)) return true;
  }
  return false;
}

/** In UTF-8 no backslash is part of a letter. */
function hasHalfLetter(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(BACKSLASH); at >= 0; at = bytes.indexOf(BACKSLASH, at + 1)) {
    if ((bytes[at - 1] ?? 0) >= 0x80) return !isUtf8(bytes);
  }
  return false;
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}

function replaceHalves(text: string): string {
  const parts = text.split('\\');
  return parts.reduce(
    (whole, part) => `${whole}${whole.charCodeAt(whole.length - 1) >= 0x80 ? 'x' : '\\'}${part}`,
  );
}
