/**
 * Names on Linux are bytes, and need not be UTF-8. Each byte that is not becomes one of the code units U+DC80 to
 * U+DCFF, which no text contains by itself (as in Python, PEP 383). `systemName` turns them into bytes again.
 */

import { asBuffer } from './as-buffer.ts';

const FIRST = 0xdc00;
/** Such a code unit, unless it is the second half of a letter. */
const RAW_BYTE = /(?<![\ud800-\udbff])([\udc80-\udcff])/;

/** The name for these bytes. */
export function decodeName(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  const text = buffer.toString('utf8');
  if (!hasLostBytes(text)) return text;
  let name = '';
  for (let at = 0; at < buffer.length; ) {
    const letter = letterAt(buffer, at);
    name += letter?.text ?? String.fromCharCode(FIRST + (buffer[at] ?? 0));
    at += letter?.length ?? 1;
  }
  return name;
}

/** True if some bytes of the name are not UTF-8. */
export function isRawName(name: string): boolean {
  // Asked for each header, and the pattern alone takes three times as long.
  return !name.isWellFormed() && RAW_BYTE.test(name);
}

/** The name as file calls take it. */
export function systemName(name: string): string | Buffer {
  if (!isRawName(name)) return name;
  // `split` returns the text in parentheses as well.
  const parts = name.split(RAW_BYTE).map((part) => {
    const isByte = part.length === 1 && RAW_BYTE.test(part);
    return isByte ? Buffer.from([part.charCodeAt(0) - FIRST]) : Buffer.from(part);
  });
  return Buffer.concat(parts);
}

/** True if the text was made of bytes that are not UTF-8. Those bytes are lost. */
export function hasLostBytes(text: string): boolean {
  return text.includes('\ufffd');
}

/** True if an argument or a variable may have lost bytes. */
export function mayHaveLostBytes(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (args.some(hasLostBytes)) return true;
  return Object.values(environment).some((value) => value !== undefined && hasLostBytes(value));
}

/** The letter that is encoded at this offset in one to four bytes. Undefined if there is none. */
function letterAt(buffer: Buffer, at: number): { text: string; length: number } | undefined {
  for (let length = 1; length <= 4 && at + length <= buffer.length; length += 1) {
    const text = buffer.toString('utf8', at, at + length);
    const isItself = Buffer.from(text).equals(buffer.subarray(at, at + length));
    if (isItself) return { text, length };
  }
  return undefined;
}
