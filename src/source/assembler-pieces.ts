import { mayBePieceOfReading } from './assembler.ts';
import { type Cursor, MARKS } from './cursor.ts';
import type { Place } from './directives.ts';
import { textOfString } from './literals.ts';
import { mayBecomePragma, notePragma } from './pragma-words.ts';
import { pragmaOfText } from './pragmas.ts';
import { noteWord } from './source-words.ts';
import { TOKENS } from './token.ts';

/** After a dot and a name these begin the value of a member (`.x = 1`, `.x{1}`, `.x[0] = 1`, `.x.y = 1`). */
const SETS_MEMBER = Array.from('={[.', (mark) => mark.charCodeAt(0));

/** Notes a string that may be assembler text or a piece of it, or a pragma. */
export function noteString(cursor: Cursor, place: Place): void {
  const { lexer, findings } = cursor;
  const { previous, isRaw } = lexer;
  const text = textOfString(lexer.spelling(), isRaw);
  if (text === undefined) {
    findings.mayAssembleFiles = true;
    return;
  }
  const isArgument = previous === MARKS.open || previous === MARKS.comma;
  if ((place === 'define' || isArgument) && mayBecomePragma(text)) notePragma(findings, pragmaOfText(text));
  if (text.includes('.') && !findings.mayAssembleFiles) {
    findings.mayAssembleFiles = mayBePieceOfReading(text, isOpen(cursor));
  }
}

/** Another string, or what may become one. */
const MAY_BRING_TEXT: ReadonlySet<number> = new Set([
  TOKENS.string,
  TOKENS.identifier,
  TOKENS.hash,
  TOKENS.paste,
]);

/** Whether another string may follow the current one, in a macro or by one. */
function isOpen(cursor: Cursor): boolean {
  const { lexer } = cursor;
  const kind = cursor.peek();
  if (kind === TOKENS.end || lexer.startsLine) return true;
  if (lexer.byte === MARKS.close || lexer.byte === MARKS.comma) return true;
  return MAY_BRING_TEXT.has(kind);
}

/** Notes a dot that is not the access to a member. It begins an instruction if a macro makes a string of it. */
export function noteDot(cursor: Cursor): void {
  const { lexer, findings } = cursor;
  const isEllipsis = lexer.end - lexer.start > 1;
  const kind = cursor.peek();
  if (isEllipsis) return;
  if (kind === TOKENS.identifier) {
    if (lexer.isPlain) noteWord(cursor, lexer.spelling(), 'other');
    cursor.peek();
    if (!SETS_MEMBER.includes(lexer.byte)) findings.mayAssembleFiles = true;
  } else if (kind === TOKENS.paste || lexer.byte === MARKS.comma || lexer.byte === MARKS.close) {
    findings.mayAssembleFiles = true;
  }
}
