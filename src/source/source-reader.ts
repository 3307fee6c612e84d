import { noteDot, noteString } from './assembler-pieces.ts';
import { Cursor, MARKS } from './cursor.ts';
import { effectOfDirective, placeOfEffect } from './directives.ts';
import type { Findings } from './findings.ts';
import { sourceInterests } from './interests.ts';
import { isOperand, type Lexer } from './lexer.ts';
import { notePragma } from './pragma-words.ts';
import { readPragma } from './pragmas.ts';
import { Skimmer } from './skimmer.ts';
import { noteWords } from './source-words.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';

/** How a text is read. */
export interface ReadOptions {
  /** Bits of `READINGS`. */
  readonly reading: number;
  /** Whether `#import` reads a type library. */
  readonly importReadsTypeLibraries: boolean;
}

/** Reads a text in one reading. Returns the bits of `READINGS` that would have given something else. */
export function readSource(
  bytes: Uint8Array,
  findings: Findings,
  { reading, importReadsTypeLibraries }: ReadOptions,
): number {
  return readTokens(new Skimmer(bytes, reading, sourceInterests()), findings, importReadsTypeLibraries);
}

/** The same of the tokens that a lexer goes to. */
export function readTokens(lexer: Skimmer, findings: Findings, importReadsTypeLibraries: boolean): number {
  const cursor = new Cursor(lexer, findings);
  for (cursor.advance(); lexer.kind !== TOKENS.end; cursor.advance()) {
    if (lexer.kind === TOKENS.hash && lexer.startsLine) readDirective(cursor, importReadsTypeLibraries);
    else readToken(cursor);
  }
  if (lexer.pastes) findings.pastes = true;
  if (lexer.stringises) findings.addPathWord('stringised');
  return lexer.differs;
}

/** Reads a directive up to the ordinary text on its line. The lexer is at the hash. */
function readDirective(cursor: Cursor, importReadsTypeLibraries: boolean): void {
  const { lexer, findings } = cursor;
  const kind = cursor.peek();
  if (!cursor.isInside()) return;
  cursor.take();
  const effect = kind === TOKENS.identifier ? effectOfDirective(nameOf(lexer)) : 'nothing';
  lexer.enter(placeOfEffect(effect) ?? 'other');
  switch (effect) {
    case 'include':
    case 'includeNext':
    case 'import':
      if (effect === 'import' && importReadsTypeLibraries) findings.refuse('#import of a type library');
      readInclude(cursor, effect === 'includeNext' ? 'includeNext' : 'include');
      break;
    case 'define':
      // The name that is defined is not a use.
      lexer.next();
      if (!cursor.isInside()) cursor.leave();
      break;
    case 'pragma':
      notePragma(findings, readPragma(lexer));
      cursor.leave();
      break;
    case 'message':
      lexer.skipMessage();
      cursor.leave();
      break;
    case 'readsFile':
      findings.refuse(`#${lexer.spelling()}`);
  }
}

/** Splices are not part of a name. */
function nameOf(lexer: Lexer): number {
  return lexer.isPlain ? lexer.hash : hashOf(lexer.spelling());
}

function readInclude(cursor: Cursor, kind: 'include' | 'includeNext'): void {
  if (cursor.lexer.nextHeaderName() === TOKENS.headerName) cursor.takeHeader(kind);
  else {
    cursor.findings.computesInclude = true;
    cursor.leave();
  }
}

function readToken(cursor: Cursor): void {
  const { lexer, findings } = cursor;
  const { place } = lexer;
  switch (lexer.kind) {
    case TOKENS.identifier:
      noteWords(cursor, place);
      break;
    case TOKENS.string:
      noteString(cursor, place);
      break;
    case TOKENS.headerName:
      cursor.takeHeader('include');
      break;
    case TOKENS.paste:
      findings.pastes = true;
      break;
    case TOKENS.hash:
      findings.addPathWord('stringised');
      break;
    case TOKENS.punctuator:
      if (lexer.byte === MARKS.dot && !isOperand(lexer.previous)) noteDot(cursor);
  }
}
