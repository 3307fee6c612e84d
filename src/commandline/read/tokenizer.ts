/**
 * Splits text into arguments as Microsoft's programs do. Command files, `CL` and `_CL_` follow the rules of the C
 * runtime ("Parsing C command-line arguments"), with line ends and form feeds as blanks. clang-cl has the same rules.
 */

import type { FamilyFacts } from '../family.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface Token {
  readonly text: string;
  /** True if a quoted part contains a line end. Compilers disagree about that. */
  readonly isDubious: boolean;
  /** True if its last quote is missing. */
  readonly isUnterminated: boolean;
  /** True if it is the last of its line. */
  readonly endsLine: boolean;
}

/** The arguments in `text`, with quotes and escapes removed. */
export function tokenize(text: string): string[] {
  return tokenizeLines(text).map((token) => token.text);
}

/**
 * As `tokenize`, with what is known of each token. Blanks separate. `"` opens and closes a quoted part. Inside one,
 * `""` is a literal quote. 2n backslashes before a quote mean n backslashes, 2n+1 mean n and a literal quote. Other
 * backslashes are literal. An unterminated quote continues to the end.
 */
export function tokenizeLines(text: string): Token[] {
  const tokens: Token[] = [];
  const { length } = text;
  let at = 0;
  while (at < length) {
    if (isBlank(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(text, at);
    at = word.end;
    const { text: read, isDubious, isUnterminated } = word;
    tokens.push({ text: read, isDubious, isUnterminated, endsLine: isAtLineEnd(text, at) });
  }
  return tokens;
}

/** True if compilers of the family, or versions of one, may read the token differently. */
export function isUnclear(token: Token, facts: Pick<FamilyFacts, 'mayDropUnterminated'>): boolean {
  return token.isDubious || (facts.mayDropUnterminated && token.isUnterminated);
}

/** Quotes one argument so that `tokenize`, cl, clang-cl and the C runtime read it back unchanged. */
export function quoteArgument(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&');
  return `"${escaped}"`;
}

/** The text of a response file for `args`, on one line, because cl wants an option and its value on the same line. */
export function responseFileText(args: readonly string[]): string {
  return `${args.map(quoteArgument).join(' ')}\n`;
}

function readWord(text: string, start: number): Omit<Token, 'endsLine'> & { readonly end: number } {
  const { length } = text;
  let word = '';
  let isQuoted = false;
  let isDubious = false;
  let plainFrom = start;
  let at = start;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      let run = at;
      while (text.charCodeAt(run) === BACKSLASH) run += 1;
      if (text.charCodeAt(run) === QUOTE) {
        const count = run - at;
        word += text.slice(plainFrom, at) + '\\'.repeat(count >> 1);
        // An odd number makes the quote literal, so it stays plain text.
        plainFrom = run;
        at = count % 2 === 1 ? run + 1 : run;
      } else {
        at = run;
      }
    } else if (code === QUOTE) {
      word += text.slice(plainFrom, at);
      if (isQuoted && text.charCodeAt(at + 1) === QUOTE) {
        word += '"';
        at += 1;
      } else {
        isQuoted = !isQuoted;
      }
      at += 1;
      plainFrom = at;
    } else if (!isQuoted && isBlank(code)) {
      break;
    } else {
      if (isQuoted && isLineEnd(code)) isDubious = true;
      at += 1;
    }
  }
  return { text: word + text.slice(plainFrom, at), end: at, isDubious, isUnterminated: isQuoted };
}

function isAtLineEnd(text: string, from: number): boolean {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code)) return true;
    if (!isBlank(code)) return false;
  }
  return true;
}

/** Tab, line feed, vertical tab, form feed, carriage return, space. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
