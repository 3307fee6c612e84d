/** The standard's limit ("raw string delimiter longer than 16 characters" in clang). */
const LONGEST_DELIMITER = 16;
const QUOTE = 0x22;

/**
 * The end of the raw string whose quote is before `from`, as in clang (`Lexer::LexRawStringLiteral`): after the closing
 * quote, or the end of the text.
 */
export function rawStringEnd(text: Buffer, from: number, length: number): number {
  let open = from;
  while (open - from < LONGEST_DELIMITER && isDelimiter(text[open] as number)) open++;
  const isOpen = text[open] === 0x28;
  // A raw string without parentheses continues to the next quote, on any line.
  const closing = isOpen
    ? Buffer.concat([Buffer.of(0x29), text.subarray(from, open), Buffer.of(QUOTE)])
    : Buffer.of(QUOTE);
  const at = text.indexOf(closing, isOpen ? open + 1 : from);
  return at < 0 ? length : at + closing.length;
}

/** Printable characters without blanks, parentheses and the backslash. `$`, `@` and the grave accent since C++26. */
function isDelimiter(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x28 && byte !== 0x29 && byte !== 0x5c;
}
