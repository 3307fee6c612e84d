import { behindBlanks, endOfName } from './bytes.ts';
import { CLASS_OF, FOREIGN, MARK } from './characters.ts';
import { Lexer } from './lexer.ts';
import type { Text } from './text.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const DOT = 0x2e;

/** A macro: where its name begins, the name's hash, and its parameters. */
export interface Definition {
  readonly at: number;
  readonly macro: number;
  readonly parameters: readonly string[];
}

/** Reads the macro after the `#define` that ends at `from`, and its parameters before `end`. Most need no lexer. */
export function readDefinition(text: Text, from: number, end: number): Definition {
  const { bytes, buffer } = text;
  const name = behindBlanks(bytes, from);
  let at = endOfName(bytes, name);
  const macro = hashOf(buffer.toString('latin1', name, at));
  const parameters: string[] = [];
  if (bytes[at] === OPEN) {
    do {
      const begin = behindBlanks(bytes, at + 1);
      if (begin >= end) return { at: from, macro, parameters };
      at = endOfName(bytes, begin);
      if (at > begin) parameters.push(buffer.toString('latin1', begin, at));
      at = behindBlanks(bytes, at);
      if (bytes[at] === DOT && bytes[at + 1] === DOT && bytes[at + 2] === DOT)
        at = behindBlanks(bytes, at + 3);
    } while ((bytes[at] as number) === COMMA);
  }
  const isPlain = parameters.length > 0 ? bytes[at] === CLOSE : mayEndName(bytes[at] as number);
  return isPlain ? { at: from, macro, parameters } : readAnyDefinition(text, from, end);
}

function mayEndName(byte: number): boolean {
  return CLASS_OF[byte] !== FOREIGN && CLASS_OF[byte] !== MARK;
}

function readAnyDefinition({ bytes, reading }: Text, at: number, end: number): Definition {
  const lexer = new Lexer(bytes.subarray(at, end), reading);
  lexer.next();
  const macro = lexer.hash;
  const nameEnd = lexer.end;
  const parameters: string[] = [];
  lexer.next();
  if (lexer.byte === OPEN && lexer.start === nameEnd) {
    for (let kind = lexer.next(); kind !== TOKENS.end && !isClosing(lexer); kind = lexer.next()) {
      if (kind === TOKENS.identifier) parameters.push(lexer.spelling());
    }
  }
  return { at, macro, parameters };
}

function isClosing({ byte }: Lexer): boolean {
  return byte === CLOSE;
}
