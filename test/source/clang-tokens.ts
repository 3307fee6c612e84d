/** The tokens of a file from clang's lexer and from clcache's, in a form that can be compared. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Lexer } from '../../src/source/lexer.ts';
import { prepare } from '../../src/source/prepare.ts';
import { TOKENS } from '../../src/source/token.ts';

/**
 * `kind` is a letter (identifier, number, literal) or a byte of an operator, with its place and whether it is the first
 * on its line.
 */
export interface ComparedToken {
  readonly kind: 'I' | 'N' | 'L' | 'O';
  readonly start: number;
  readonly end: number;
  readonly startsLine: boolean;
}

export interface Comparison {
  readonly tokens: number;
  /** The first difference, with the text there. Undefined if there is none. */
  readonly difference: string | undefined;
}

export const CLANG = '/usr/bin/clang-14';
/** C++20 switches everything on that clcache's lexer assumes. Trigraphs are off. */
const MODE = ['-cc1', '-dump-raw-tokens', '-x', 'c++', '-std=c++20', '-fms-extensions', '-fno-trigraphs'];
const SPLICE = /\\[ \t\v\f]*(?:\r\n|\n\r|\r|\n)/;
const SPLICES = `(?:${SPLICE.source})*`;
/** A literal that is not closed, with splices anywhere in its prefix. */
const UNKNOWN_LITERAL = new RegExp(`^${SPLICES}(?:(?:u${SPLICES}8|[uUL])${SPLICES})?(?:R${SPLICES})?["']`);
const SUFFIX_LETTER = '(?:\\w|\\\\u[0-9a-f]{4})';
const SUFFIX = new RegExp(
  `(?<=["'])(?:${SUFFIX_LETTER}|${SPLICE.source})*${SUFFIX_LETTER}(?:${SPLICE.source})*$`,
);
const OPEN_COMMENT = new RegExp(`^(?:${SPLICE.source})*/(?:${SPLICE.source})*\\*`);
const GAP = new RegExp(`^(?:[\\s\\0]|${SPLICE.source})*$`);

export async function compareWithClang(file: string): Promise<Comparison> {
  const bytes = readFileSync(file);
  const [theirs, ours] = [await clangTokens(file, bytes), ourTokens(bytes)];
  const length = Math.max(theirs.length, ours.length);
  for (let index = 0; index < length; index++) {
    const [their, our] = [theirs[index], ours[index]];
    if (their && our && sameToken(their, our)) continue;
    const at = Math.min(their?.start ?? bytes.length, our?.start ?? bytes.length);
    const text = JSON.stringify(bytes.toString('latin1', Math.max(0, at - 20), at + 40));
    return {
      tokens: index,
      difference: `${file} at ${at}: ${JSON.stringify(their)}, ${JSON.stringify(our)} in ${text}`,
    };
  }
  return { tokens: length, difference: undefined };
}

function sameToken(one: ComparedToken, other: ComparedToken): boolean {
  const { kind, start, end, startsLine } = one;
  return kind === other.kind && start === other.start && end === other.end && startsLine === other.startsLine;
}

function ourTokens(bytes: Buffer): ComparedToken[] {
  const prepared = prepare(bytes, false)?.bytes ?? bytes;
  const mark = bytes.length - prepared.length;
  const lexer = new Lexer(prepared);
  const tokens: ComparedToken[] = [];
  while (lexer.next() !== TOKENS.end) {
    const start = lexer.start + mark;
    const spelled = bytes.toString('latin1', start, lexer.end + mark);
    tokens.push(...tokensOf(ourKind(lexer.kind), start, spelled, lexer.startsLine));
  }
  return tokens;
}

function ourKind(kind: number): ComparedToken['kind'] {
  if (kind === TOKENS.identifier) return 'I';
  if (kind === TOKENS.number) return 'N';
  return kind === TOKENS.string || kind === TOKENS.character ? 'L' : 'O';
}

/**
 * Splices at the ends of a token belong to it or not, depending on the lexer's path. Operators are compared by bytes.
 */
function tokensOf(
  kind: ComparedToken['kind'],
  from: number,
  spelled: string,
  startsLine: boolean,
): ComparedToken[] {
  const before = new RegExp(`^(?:${SPLICE.source})*`).exec(spelled)?.[0].length ?? 0;
  const text = spelled.slice(before).replace(new RegExp(`(?:${SPLICE.source})+$`), '');
  const start = from + before;
  if (kind !== 'O') return [{ kind, start, end: start + text.length, startsLine }];
  const tokens: ComparedToken[] = [];
  for (let at = 0; at < text.length; at++) {
    const splice = text[at] === '\\' ? new RegExp(`^${SPLICE.source}`).exec(text.slice(at)) : null;
    if (splice) at += splice[0].length - 1;
    else {
      const isFirst = tokens.length === 0;
      tokens.push({ kind, start: start + at, end: start + at + 1, startsLine: startsLine && isFirst });
    }
  }
  return tokens;
}

interface RawToken {
  readonly name: string;
  readonly start: number;
  readonly startsLine: boolean;
}

/** clang prints every byte of the file, also blanks and comments: a token ends where the next one begins. */
async function clangTokens(file: string, bytes: Buffer): Promise<ComparedToken[]> {
  const options = { encoding: 'latin1', maxBuffer: 2 ** 30 } as const;
  const { stderr } = await promisify(execFile)(CLANG, [...MODE, file], options);
  const raw = rawTokens(stderr, file, lineStarts(bytes));
  const tokens: ComparedToken[] = [];
  let startsLine = false;
  for (const [index, token] of raw.entries()) {
    startsLine ||= token.startsLine;
    const end = raw[index + 1]?.start ?? bytes.length;
    const spelled = bytes.toString('latin1', token.start, end);
    // A comment that is not closed is unknown for clang, and the end of the file for clcache's lexer.
    const isComment = token.name === 'comment' || OPEN_COMMENT.test(spelled);
    if (isComment || token.name === 'eof' || GAP.test(spelled)) continue;
    tokens.push(...theirTokens(token, spelled, startsLine));
    startsLine = false;
  }
  return tokens;
}

function theirTokens({ name, start }: RawToken, spelled: string, startsLine: boolean): ComparedToken[] {
  const isLiteral =
    /_literal$|_constant$/.test(name) || (name === 'unknown' && UNKNOWN_LITERAL.test(spelled));
  if (name === 'raw_identifier') return tokensOf('I', start, spelled, startsLine);
  if (name === 'numeric_constant') return tokensOf('N', start, spelled, startsLine);
  if (!isLiteral) return tokensOf('O', start, spelled, startsLine);
  // A suffix of C++ (`"a"s`) is a word of its own for clcache's lexer.
  const suffix = (name !== 'unknown' && SUFFIX.exec(spelled)?.[0]) || '';
  const quoted = tokensOf('L', start, spelled.slice(0, spelled.length - suffix.length), startsLine);
  const behind = start + spelled.length - suffix.length;
  return suffix === '' ? quoted : [...quoted, ...tokensOf('I', behind, suffix, false)];
}

function rawTokens(output: string, file: string, starts: readonly number[]): RawToken[] {
  const place = `\tLoc=<${file}:`;
  const tokens: RawToken[] = [];
  for (let from = 0; ; ) {
    const at = output.indexOf(place, from);
    if (at < 0) return tokens;
    const [, line = '', column = ''] =
      /^(\d+):(\d+)>\n/.exec(output.slice(at + place.length, at + place.length + 30)) ?? [];
    const text = output.slice(from, at);
    tokens.push({
      name: /^\w+/.exec(text)?.[0] ?? '',
      start: (starts[Number(line) - 1] ?? 0) + Number(column) - 1,
      startsLine: /\t \[StartOfLine\](?: \[LeadingSpace\])?(?: \[UnClean='[\s\S]*'\])?$/.test(text),
    });
    from = at + place.length + line.length + column.length + 3;
  }
}

function lineStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at++;
    if (bytes[at] === 0x0a || bytes[at] === 0x0d) starts.push(at + 1);
  }
  return starts;
}
