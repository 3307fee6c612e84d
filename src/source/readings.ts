/** The differences between compilers in reading a text. Bits, because several may apply at once. */
export const READINGS = {
  /** `R"(` is the letter R and a string (C, and C++ before 2011). */
  noRawStrings: 1,
  /** `1'0` is a number and the beginning of a character (C before 2023, and C++ before 2014). */
  noDigitSeparators: 2,
  /** `//*` is a division and a comment (`-std=c89`). */
  slashBeforeComment: 4,
  /** After `#warning` there is text up to the line's end (an active line), and no tokens (as in a skipped one). */
  plainWarnings: 8,
  /** A backslash with blanks after it is not a splice. For clang it is. For cl this is unknown. */
  tightSplices: 16,
  /** `??=` is `#`, `??/` a backslash, `??'` a caret (`-trigraphs`, `-std=c99` and the like, `/Zc:trigraphs`). */
  trigraphs: 32,
  /** A carriage return by itself is a blank. For clang it is a line end. For cl its warning C4335 leaves that open. */
  returnIsBlank: 64,
  /** A backslash after a byte that is not ASCII is the second half of a letter (cl in a code page of the Far East). */
  halfLetters: 128,
} as const;
