import { CLASS_OF, DIGIT, FOREIGN } from './characters.ts';
import { type Cursor, MARKS } from './cursor.ts';
import type { Place } from './directives.ts';
import { noteModule, noteModuleInMacro } from './module-words.ts';
import { notePragmaOperator, noteWordOfPragma } from './pragma-words.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';
import { ASM_QUALIFIERS, isPiece, WORDS } from './words.ts';

const DEFINED = hashOf('defined');
/** Predefined macros of compilers that look like the name of a folder or header. */
const PLATFORM_MACROS = new Set('linux unix i386 arm mips sun sparc hpux vax WIN32 WIN64'.split(' '));

/** Notes the identifier at which the lexer is. */
export function noteWords(cursor: Cursor, place: Place): void {
  const { lexer } = cursor;
  const spelled = lexer.spelling();
  if (lexer.isPlain) noteWord(cursor, spelled, place);
  // Compilers disagree about which letters belong to a name.
  else for (const word of asciiWords(spelled)) noteWord(cursor, word, place);
}

/** Notes a word of the identifier at which the lexer is. */
export function noteWord(cursor: Cursor, word: string, place: Place): void {
  const { lexer, findings } = cursor;
  const kind = WORDS[word];
  if (kind === undefined && !isPiece(word)) return;
  const isParameter = place === 'define' && lexer.definition().parameters.includes(word);
  const isInMacro = place === 'define' && !isParameter;
  switch (kind) {
    case 'time':
      findings.timeMacro();
      return;
    case 'hasInclude':
      if (place !== 'other' && !isAskedFor(cursor)) noteQuestion(cursor, word, place);
      return;
    case 'hasEmbed':
      if (place !== 'other' && !isAskedFor(cursor)) findings.refuse(word);
      return;
    case 'file':
    case 'type':
      findings.addPathWord(kind);
      return;
    case 'failure':
      findings.addPathWord('file');
      return;
    case 'stringiser':
      findings.addPathWord('stringised');
      return;
    case 'omp':
      // The line of a pragma says what it does. This is an attribute (`[[omp::directive(target)]]`), or a macro's word.
      findings.addPathWord('offload');
      return;
    case 'asm':
      noteAssemblerText(cursor);
      return;
    case 'pragma':
      notePragmaOperator(cursor);
      return;
    case 'ofPragma':
      noteWordOfPragma(cursor, word, isInMacro);
      return;
    case 'module':
      if (lexer.startsLine || lexer.previousHash === CLANG) noteModule(cursor, word);
      else if (isInMacro) noteModuleInMacro(cursor, word);
      return;
    case 'assembler':
      if (lexer.previous === MARKS.dot || isInMacro) findings.mayAssembleFiles = true;
  }
  if (isParameter || !isPiece(word)) return;
  if (cursor.mayBePasted(word, place)) findings.addPiece(word);
}
const CLANG = hashOf('clang');

/** `defined X`, `defined(X)`. */
function isAskedFor({ lexer: { previous, previousHash, callee } }: Cursor): boolean {
  return previousHash === DEFINED || (previous === MARKS.open && callee === DEFINED);
}

/** `__has_include` or `__has_include_next`. */
function noteQuestion(cursor: Cursor, word: string, place: Place): void {
  const { lexer, findings } = cursor;
  cursor.peek();
  const isCall = cursor.isInside() && lexer.byte === MARKS.open;
  if (!isCall || lexer.nextHeaderName() !== TOKENS.headerName) {
    findings.isVolatile = true;
    return;
  }
  // In a macro, the words between `<` and `>` are expanded.
  const mayExpand =
    place !== 'condition' && asciiWords(lexer.spelling()).some((part) => PLATFORM_MACROS.has(part));
  if (mayExpand) findings.isVolatile = true;
  cursor.takeHeader(word === '__has_include' ? 'hasInclude' : 'hasIncludeNext');
}

/** `asm((…))`: text that is computed at compile time (clang since 20). Other text is examined later. */
function noteAssemblerText(cursor: Cursor): void {
  const { lexer, findings } = cursor;
  do cursor.peek();
  while (lexer.kind === TOKENS.identifier && ASM_QUALIFIERS.has(lexer.spelling()));
  if (lexer.byte !== MARKS.open || cursor.peek() !== TOKENS.punctuator) return;
  if (lexer.byte === MARKS.open) findings.mayAssembleFiles = true;
}

/** The words between letters that some compilers do not know: `$`, bytes that are not ASCII, `\u00e9`. */
function asciiWords(spelled: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at <= spelled.length; at++) {
    const sort = CLASS_OF[spelled.charCodeAt(at)] ?? FOREIGN;
    if (sort <= DIGIT) word += spelled[at];
    else {
      if (word !== '') words.push(word);
      word = '';
      if (spelled[at] === '\\') at += spelled[at + 1] === 'u' ? 5 : 9;
    }
  }
  return words;
}
