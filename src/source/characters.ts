/** The classes of bytes by what they begin, as in clang's lexer (LLVM, `clang/lib/Basic/CharInfo.cpp`). */
export const LETTER = 0;
export const DIGIT = 1;
/** An operator by itself, whatever follows. */
export const OPERATOR = 2;
export const BLANK = 3;
export const LINE_END = 4;
/** Part of an identifier for some compilers and in some languages: `$`, and every byte that is not ASCII. */
export const FOREIGN = 5;
/** What follows decides: quotes, the slash, the backslash, `#`, `%` and the dot. */
export const MARK = 6;

/** The class of each byte. */
export const CLASS_OF: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(OPERATOR, 0, 128).fill(FOREIGN, 128);
  const put = (sort: number, characters: string) => {
    for (const character of characters) table[character.charCodeAt(0)] = sort;
  };
  put(LETTER, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_');
  put(DIGIT, '0123456789');
  // A NUL in a file is a blank for clang (with a warning).
  put(BLANK, '\0 \t\v\f');
  put(LINE_END, '\r\n');
  put(FOREIGN, '$');
  put(MARK, '"\'/\\#%.');
  return table;
}

export function isHexDigit(byte: number): boolean {
  return CLASS_OF[byte] === DIGIT || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
