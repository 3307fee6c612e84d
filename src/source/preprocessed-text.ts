import { assemblerReadsFile } from './assembler.ts';
import { CLASS_OF, DIGIT, LETTER } from './characters.ts';
import { interestIn } from './interests.ts';
import type { Lexer } from './lexer.ts';
import { textOfString } from './literals.ts';
import { inEveryReading, type ScanOptions, scanSource } from './scan.ts';
import { Skimmer } from './skimmer.ts';
import { TOKENS } from './token.ts';
import { ASM_QUALIFIERS, wordsOf } from './words.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const DOT = 0x2e;
const COLON = 0x3a;
const BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Whether the text has what a time macro leaves: a string that is a time, a date or both, `"12:34:56"`, `"Nov 25 2026"`,
 * `"Wed Nov 25 12:34:56 2026"`. If a macro has made a string of that string, it ends with a backslash. Every string of
 * this form counts, also one that a source spells out.
 */
export function mayShowTime(text: Buffer): boolean {
  for (let at = text.indexOf(COLON); at >= 0; at = text.indexOf(COLON, at + 1)) {
    if (text[at + 3] === COLON && (isForm(text, at - 3, TIME) || isForm(text, at - 14, TIMESTAMP)))
      return true;
  }
  return MONTHS.some((month) => {
    const name = `"${month} `;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      if (isForm(text, at, DATE)) return true;
    }
    return false;
  });
}

/** `9` is a digit, `A` a letter and `_` a digit or a blank. Everything else is itself. The end of the string follows. */
const TIME = '"99:99:99';
const DATE = '"AAA _9 9999';
const TIMESTAMP = '"AAA AAA _9 99:99:99 9999';

function isForm(text: Buffer, from: number, form: string): boolean {
  for (let index = 0; index < form.length; index++) {
    const byte = text[from + index] ?? 0;
    const sort = CLASS_OF[byte];
    switch (form.charAt(index)) {
      case '9':
        if (sort !== DIGIT) return false;
        break;
      case '_':
        if (sort !== DIGIT && byte !== BLANK) return false;
        break;
      case 'A':
        if (sort !== LETTER) return false;
        break;
      default:
        if (byte !== form.charCodeAt(index)) return false;
    }
  }
  const end = text[from + form.length];
  return end === QUOTE || end === BACKSLASH;
}

/** Whether the text has a pragma that repeats text which may contain macros. */
export function repeatsMacros(text: Buffer, options: ScanOptions): boolean {
  return scanSource(text, options).repeatsText;
}

/**
 * Whether the assembler text in a preprocessed text reads a file, or may. True if it cannot be read. What is a raw string in
 * one language hides what follows it in another.
 */
export function assemblesFile(text: Buffer): boolean {
  let reads = false;
  const isRead = inEveryReading({ bytes: text, differs: 0 }, (bytes, reading) => {
    const lexer = new Skimmer(bytes, reading, interestIn(wordsOf('asm')));
    while (!reads && lexer.skim() !== TOKENS.end) {
      // clang removes unknown letters from names. A preprocessed text has no splices.
      reads = lexer.kind === TOKENS.identifier && lexer.isPlain && readsInAsm(lexer);
    }
    return reads ? 0 : lexer.differs;
  });
  return reads || !isRead;
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
