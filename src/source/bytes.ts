import { BLANK, CLASS_OF, DIGIT, OPERATOR } from './characters.ts';

const DOT = 0x2e;

/** The end of the last token before `at` on the line that begins at `line`. Without a token it is `line`. */
export function behindToken(bytes: Uint8Array, line: number, at: number): number {
  let end = at;
  while (end > line && CLASS_OF[bytes[end - 1] as number] === BLANK) end--;
  return end;
}

/** Whether a byte is a part of a name or number, or an operator. */
export function isPlain(byte: number): boolean {
  return (CLASS_OF[byte] as number) <= OPERATOR;
}

/** The start of the token that ends at `end`, or of an earlier token on the line. */
export function startOfToken(bytes: Uint8Array, line: number, end: number): number {
  const start = startOfWord(bytes, line, end);
  return start === end && end > line ? end - 1 : start;
}

/** The start of the name or number that ends at `end`, or of an earlier token on the line. */
export function startOfWord(bytes: Uint8Array, line: number, end: number): number {
  let start = end;
  while (start > line) {
    const byte = bytes[start - 1] as number;
    const goesOn = (CLASS_OF[byte] as number) <= DIGIT || byte === DOT;
    if (!goesOn && (start - 1 === line || !isSignOfNumber(bytes, start - 1))) break;
    start--;
  }
  return start;
}

/** Whether a sign may belong to the number before it. */
function isSignOfNumber(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x2b && bytes[at] !== 0x2d) return false;
  const letter = (bytes[at - 1] as number) | 0x20;
  return letter === 0x65 || letter === 0x70;
}

/** The start of the name that ends at `end`. */
export function startOfName(bytes: Uint8Array, end: number): number {
  let start = end;
  while ((CLASS_OF[bytes[start - 1] as number] as number) <= DIGIT) start--;
  return start;
}

/** The end of the name that begins at `start`. */
export function endOfName(bytes: Uint8Array, start: number): number {
  let end = start;
  while ((CLASS_OF[bytes[end] as number] as number) <= DIGIT) end++;
  return end;
}

/** The last position of a byte before `end`. The byte must be there. */
export function lastOf(bytes: Uint8Array, end: number, byte: number): number {
  let at = end - 1;
  while (bytes[at] !== byte) at--;
  return at;
}

export function behindBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
}
