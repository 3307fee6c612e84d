import { type Cursor, MARKS } from './cursor.ts';
import type { Findings } from './findings.ts';
import { textOfString } from './literals.ts';
import { isKnownPragma, type Pragma, pragmaOfText } from './pragmas.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';
import { isPiece, WORDS } from './words.ts';

const GCC = hashOf('GCC');
const CLANG = hashOf('clang');
/** Pragmas whose text gets into an object or a message. */
const REPEATING = new Set(['comment', 'message', 'detect_mismatch']);
/** The first words of pragmas that matter. */
const BEGINNINGS = ['GCC', 'clang', 'include_alias', 'omp'];

/** Whether a string may become a pragma that matters, by a macro or `_Pragma`. */
export function mayBecomePragma(text: string): boolean {
  const begun = text.trimStart();
  return BEGINNINGS.some((word) => begun.startsWith(word));
}

/** Notes the effect of a pragma, and the words on its line. */
export function notePragma(findings: Findings, { effect, words }: Pragma): void {
  for (const word of words) {
    const kind = WORDS[word];
    if (kind === 'time') findings.timeMacro();
    else if (kind === 'file' || kind === 'type') findings.addPathWord(kind);
    else if (isPiece(word)) findings.addPiece(word);
  }
  switch (effect) {
    case 'readsFile':
      findings.refuse('a pragma that reads a file');
      break;
    case 'redirects':
      findings.isVolatile = true;
      break;
    case 'offloads':
      findings.addPathWord('offload');
      break;
    case 'repeatsText':
      findings.repeatsText = true;
  }
}

/** `_Pragma("…")`, or `__pragma(…)`, whose words are examined later. */
export function notePragmaOperator(cursor: Cursor): void {
  const { lexer, findings } = cursor;
  cursor.peek();
  if (lexer.byte !== MARKS.open || cursor.peek() !== TOKENS.string) return;
  const text = textOfString(lexer.spelling(), lexer.isRaw);
  if (text === undefined) findings.refuse('a pragma with letters that only the compiler knows');
  else notePragma(findings, pragmaOfText(text));
}

/** Words that a macro may put into a pragma. They matter side by side, or if a macro may bring them together. */
export function noteWordOfPragma(cursor: Cursor, word: string, isInMacro: boolean): void {
  const { lexer, findings } = cursor;
  const { previous, previousHash, callee, start } = lexer;
  const isFirst = previous === MARKS.open && callee !== 0;
  if (REPEATING.has(word)) {
    if (!isFirst) return;
    if (cursor.peek() === TOKENS.string || lexer.byte === MARKS.open) findings.repeatsText = true;
    return;
  }
  if (word === 'dependency' && (previousHash === GCC || previousHash === CLANG)) {
    findings.refuse('a pragma that reads a file');
  }
  if (word === 'include_alias') {
    if (isInMacro || isFirst) findings.isVolatile = true;
  } else if (isInMacro || cursor.mayBePasted(word, 'text') || isBesideMacro(cursor, word, start)) {
    findings.addPiece(word);
  }
}

/** Whether what follows the word, which begins at `start`, may be a macro that is the rest of a pragma. */
function isBesideMacro(cursor: Cursor, word: string, start: number): boolean {
  const { lexer } = cursor;
  if (lexer.start === start) cursor.peek();
  const isName = lexer.kind === TOKENS.identifier;
  if (word === 'dependency') return isName || lexer.kind === TOKENS.string || lexer.byte === MARKS.less;
  return isName && !isKnownPragma(word, lexer.spelling());
}
