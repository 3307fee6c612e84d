/** How a compiler may read what others read differently. Bits, since several may hold at once. */
export const READINGS = {
  /** `R"(` is the letter R and a string (C, and C++ before 2011). */
  noRawStrings: 1,
  /** `1'0` is a number and the beginning of a character (C before 2023, and C++ before 2014). */
  noDigitSeparators: 2,
  /** `//*` is a division and a comment (`-std=c89`). */
  slashBeforeComment: 4,
  /** Behind `#warning` there is text up to the line's end (a line that counts), and no tokens (one that is skipped). */
  plainWarnings: 8,
  /** A backslash with blanks behind it is no splice. clang takes it for one; cl is not known to. */
  tightSplices: 16,
  /** `??=` is `#`, `??/` a backslash, `??'` a caret (`-trigraphs`, `-std=c99` and its like, `/Zc:trigraphs`). */
  trigraphs: 32,
  /** A carriage return by itself is a blank. clang takes it for a line end; what cl does, its C4335 leaves open. */
  returnIsBlank: 64,
  /** A backslash behind a byte that is not ASCII is the second half of a letter (cl in a code page of the Far East). */
  halfLetters: 128,
} as const;
