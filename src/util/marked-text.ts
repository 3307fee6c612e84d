/**
 * The text of a file that people write: UTF-8, or UTF-16 as Windows PowerShell 5 writes it where it is not told otherwise.
 * Without the byte order mark, which editors of Windows put before either.
 */
export function markedText(bytes: Buffer): string {
  return bytes[0] === 0xff && bytes[1] === 0xfe
    ? bytes.toString('utf16le', 2)
    : bytes.toString('utf8').replace(/^\ufeff/, '');
}
