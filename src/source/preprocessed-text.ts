import { assemblerReadsFile } from './assembler.ts';
import { CLASS_OF, DIGIT } from './characters.ts';
import { interestIn } from './interests.ts';
import type { Lexer } from './lexer.ts';
import { textOfString } from './literals.ts';
import { type ScanOptions, scanSource } from './scan.ts';
import { Skimmer } from './skimmer.ts';
import { TOKENS } from './token.ts';
import { ASM_QUALIFIERS, wordsOf } from './words.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const DOT = 0x2e;
const COLON = 0x3a;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Whether the text has what a time macro leaves: `"12:34:56"`, `"Nov 25 2026"`. Every string of this form counts, also
 * one that a source spells out.
 */
export function mayShowTime(text: Buffer): boolean {
  const isDigit = (at: number) => CLASS_OF[text[at] ?? 0] === DIGIT;
  for (let at = text.indexOf(COLON); at >= 0; at = text.indexOf(COLON, at + 1)) {
    if (text[at + 3] !== COLON) continue;
    if ([at - 2, at - 1, at + 1, at + 2, at + 4, at + 5].every(isDigit)) return true;
  }
  for (const month of MONTHS) {
    const name = `${month} `;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      // The day has two characters, the first of which may be a blank.
      if ([at + 5, at + 7, at + 8, at + 9, at + 10].every(isDigit)) return true;
    }
  }
  return false;
}

/** Whether the text has a pragma that repeats text which may contain macros. */
export function repeatsMacros(text: Buffer, options: ScanOptions): boolean {
  return scanSource(text, options).repeatsText;
}

/** Whether the assembler text in a preprocessed text reads a file, or may. True if it cannot be read. */
export function assemblesFile(text: Buffer): boolean {
  const lexer = new Skimmer(text, 0, interestIn(wordsOf('asm')));
  while (lexer.skim() !== TOKENS.end) {
    // clang removes unknown letters from names. A preprocessed text has no splices.
    if (lexer.kind === TOKENS.identifier && lexer.isPlain && readsInAsm(lexer)) return true;
  }
  return false;
}

/** The lexer is at `asm`. Then comes text in parentheses, or instructions (`__asm mov eax, 1`, `__asm { … }`). */
function readsInAsm(lexer: Lexer): boolean {
  while (lexer.next() === TOKENS.identifier && ASM_QUALIFIERS.has(lexer.spelling()));
  return lexer.byte === OPEN ? readsInText(lexer) : readsInInstructions(lexer);
}

/** Adjacent strings are one. */
function readsInText(lexer: Lexer): boolean {
  let joined = '';
  let hasString = false;
  for (let depth = 1; depth > 0; ) {
    const kind = lexer.next();
    if (kind === TOKENS.end) return true;
    if (kind === TOKENS.string) {
      const part = textOfString(lexer.spelling(), lexer.isRaw);
      if (part === undefined) return true;
      joined += part;
      hasString = true;
      continue;
    }
    if (assemblerReadsFile(joined)) return true;
    // What is not a string is computed by the compiler.
    if (!hasString) return true;
    joined = '';
    if (lexer.byte === OPEN) depth++;
    else if (lexer.byte === CLOSE) depth--;
  }
  return false;
}

/** Instructions of cl's own assembler, which reads no file. clang passes their text to its assembler. */
function readsInInstructions(lexer: Lexer): boolean {
  const isBlock = lexer.byte === 0x7b;
  let text = '';
  while (lexer.kind !== TOKENS.end && (isBlock ? lexer.byte !== 0x7d : !lexer.startsLine)) {
    const isBehindDot = lexer.previous === DOT;
    text += `${lexer.startsLine ? '\n' : isBehindDot ? '' : ' '}${lexer.spelling()}`;
    lexer.next();
  }
  return assemblerReadsFile(text);
}
