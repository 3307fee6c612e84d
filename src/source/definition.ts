import { behindBlanks, endOfName } from './bytes.ts';
import { BLANK, CLASS_OF, FOREIGN, MARK } from './characters.ts';
import { Lexer } from './lexer.ts';
import type { Text } from './text.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';

const HASH = 0x23;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const DOT = 0x2e;
const DEFINE = Buffer.from('define');

/** No macro is defined there. */
export const NOT_DEFINED = -1;

/** A macro: where its name begins, the name's hash, and its parameters. */
export interface Definition {
  readonly at: number;
  readonly macro: number;
  readonly parameters: readonly string[];
}

/** Reads the macro after the `#define` that ends at `from`, and its parameters. Most need no lexer. */
export function readDefinition(text: Text, from: number): Definition {
  const { bytes } = text;
  const name = behindBlanks(bytes, from);
  let at = endOfName(bytes, name);
  const macro = hashOf(bytes.toString('latin1', name, at));
  const parameters: string[] = [];
  if (bytes[at] === OPEN) {
    do {
      const begin = behindBlanks(bytes, at + 1);
      at = endOfName(bytes, begin);
      if (at > begin) parameters.push(bytes.toString('latin1', begin, at));
      at = behindBlanks(bytes, at);
      if (bytes[at] === DOT && bytes[at + 1] === DOT && bytes[at + 2] === DOT)
        at = behindBlanks(bytes, at + 3);
    } while ((bytes[at] as number) === COMMA);
  }
  const isPlain = parameters.length > 0 ? bytes[at] === CLOSE : mayEndName(bytes[at] as number);
  return isPlain ? { at: from, macro, parameters } : readAnyDefinition(text, from);
}

/** The end of the `#define` with which the line at `line` begins. `NOT_DEFINED` if it begins in another way. */
export function endOfDefine(bytes: Uint8Array, line: number): number {
  const hash = behindBlanks(bytes, line);
  if (bytes[hash] !== HASH) return NOT_DEFINED;
  const name = behindBlanks(bytes, hash + 1);
  for (const [index, byte] of DEFINE.entries()) if (bytes[name + index] !== byte) return NOT_DEFINED;
  const end = name + DEFINE.length;
  return CLASS_OF[bytes[end] as number] === BLANK ? end : NOT_DEFINED;
}

function mayEndName(byte: number): boolean {
  return CLASS_OF[byte] !== FOREIGN && CLASS_OF[byte] !== MARK;
}

function readAnyDefinition(text: Text, at: number): Definition {
  const lexer = new Lexer(text.bytes.subarray(at, text.lineEnd(at)), text.reading);
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
