import type { Place } from './directives.ts';
import type { Findings, IncludeDirective } from './findings.ts';
import { PASTED } from './lexer.ts';
import type { Skimmer } from './skimmer.ts';
import { TOKENS } from './token.ts';
import { hashOf } from './word-table.ts';

export const MARKS = {
  open: 0x28,
  close: 0x29,
  comma: 0x2c,
  dot: 0x2e,
  colon: 0x3a,
  semicolon: 0x3b,
  less: 0x3c,
  bracket: 0x5b,
};

/** What stands before a parenthesis and is no macro. */
const KEYWORDS = new Set(
  'if while for switch return sizeof alignof decltype noexcept catch typeid'.split(' ').map(hashOf),
);

/** A lexer on its way through a source, and what it has found. */
export class Cursor {
  readonly lexer: Skimmer;
  readonly findings: Findings;
  /** The lexer is at a token that nobody has looked at yet. */
  #isAhead = false;

  constructor(lexer: Skimmer, findings: Findings) {
    this.lexer = lexer;
    this.findings = findings;
  }

  /** Goes to a token that nobody has looked at yet, and is worth it. */
  advance(): void {
    if (!this.#isAhead) this.lexer.skim();
    this.#isAhead = false;
  }

  /** Goes to the next token, which others have still to look at. */
  peek(): number {
    this.#isAhead = true;
    return this.lexer.next();
  }

  /** The token at hand is still to be looked at. */
  leave(): void {
    this.#isAhead = true;
  }

  /** The token at hand was looked at. */
  take(): void {
    this.#isAhead = false;
  }

  /** True when the token at hand belongs to the directive that is being read. */
  isInside(): boolean {
    return this.lexer.kind !== TOKENS.end && !this.lexer.startsLine;
  }

  /**
   * Whether the token at hand stands beside a paste, or is all of a macro or of what may be a macro's argument; of the
   * first piece of a word the end of an argument will do, of the last one the beginning.
   */
  mayBePasted(word: string, place: Place): boolean {
    const { lexer } = this;
    const { previous, previousHash, callee } = lexer;
    const isFirst = word.startsWith('_');
    const isLast = word.endsWith('_');
    if (previous === PASTED || ((isFirst || isLast) && place === 'define')) return true;
    const isCall = previous === MARKS.open && callee !== 0 && !KEYWORDS.has(callee);
    const beginsArgument = isCall || previous === MARKS.comma;
    const isBody =
      place === 'define' && (previousHash === lexer.definition().macro || previous === MARKS.close);
    if (beginsArgument && isLast) return true;
    if (!beginsArgument && !isFirst && place !== 'define') return false;
    const next = this.peek();
    if (place === 'define' && !this.isInside()) return isBody;
    if (next === TOKENS.paste) return true;
    return (beginsArgument || isFirst) && (lexer.byte === MARKS.comma || lexer.byte === MARKS.close);
  }

  /** Takes the header's name that the lexer is at. */
  takeHeader(kind: IncludeDirective['kind']): void {
    const spelled = this.lexer.spelling();
    // Where the line is skipped, these are no names but tokens.
    if (spelled.includes('/*') || spelled.includes('R"')) {
      this.findings.refuse('the name of a header that can be read in two ways');
    }
    // Names outside ASCII are UTF-8 nearly always; one in a code page becomes a name that is never found, as if a macro
    // had stood there.
    const name = Buffer.from(spelled.slice(1, -1), 'latin1').toString('utf8');
    const isAsking = kind === 'hasInclude' || kind === 'hasIncludeNext';
    if (isAsking && name.includes('\ufffd')) this.findings.isVolatile = true;
    this.findings.addInclude({ kind, form: spelled.startsWith('<') ? 'angle' : 'quote', name });
    this.take();
  }
}
