import { type Cursor, MARKS } from './cursor.ts';
import { NAME } from './lexer.ts';
import { TOKENS } from './token.ts';
import { WORDS } from './words.ts';

/** `#define IMPORT import`: the rest of the declaration is where the macro is used. */
export function noteModuleInMacro(cursor: Cursor, word: string): void {
  if (word === 'export') return;
  cursor.peek();
  if (!cursor.isInside()) cursor.findings.refuse('a macro that may begin a C++20 module declaration');
}

/**
 * `export module a.b;`, `module;`, `import <x>;`: declarations of C++20, by which the compiler finds files. And `clang
 * module` in a pragma. The lexer is at the first word.
 */
export function noteModule(cursor: Cursor, first: string): void {
  const { lexer, findings } = cursor;
  if (!lexer.startsLine) {
    findings.refuse('a pragma that reads a file');
    return;
  }
  let word = first;
  if (word === 'export') {
    if (cursor.peek() !== TOKENS.identifier) return;
    word = lexer.spelling();
    if (WORDS[word] !== 'module') return;
  }
  const kind = cursor.peek();
  const isHeader = word === 'import' && (kind === TOKENS.string || lexer.byte === MARKS.less);
  const isFragment = word === 'module' && lexer.byte === MARKS.semicolon;
  if (isHeader || isFragment || isNamed(cursor)) findings.refuse('a C++20 module declaration');
}

/**
 * True for `module :private;` and `import a.b:c [[x]];`, but not for `module::x`, `module x = 1;` or `import f(x);`.
 */
function isNamed(cursor: Cursor): boolean {
  const { lexer } = cursor;
  let names = 0;
  while (lexer.kind === TOKENS.identifier || lexer.byte === MARKS.dot || lexer.byte === MARKS.colon) {
    if (lexer.kind === TOKENS.identifier && lexer.previous === NAME && names > 0) return false;
    names++;
    cursor.peek();
    if (lexer.previous === MARKS.colon && lexer.byte === MARKS.colon) return false;
  }
  return names > 0 && (lexer.byte === MARKS.semicolon || lexer.byte === MARKS.bracket);
}
