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

/** Words before a parenthesis that are not macros. */
const KEYWORDS = new Set(
  'if while for switch return sizeof alignof decltype noexcept catch typeid'.split(' ').map(hashOf),
);

/** A lexer on its way through a source, with its findings. */
export class Cursor {
  readonly lexer: Skimmer;
  readonly findings: Findings;
  /** True if the lexer is at a token that was not examined yet. */
  #isAhead = false;

  constructor(lexer: Skimmer, findings: Findings) {
    this.lexer = lexer;
    this.findings = findings;
  }

  /** Goes to the next token that matters and was not examined yet. */
  advance(): void {
    if (!this.#isAhead) this.lexer.skim();
    this.#isAhead = false;
  }

  /** Goes to the next token, which is still to be examined. */
  peek(): number {
    this.#isAhead = true;
    return this.lexer.next();
  }

  /** Marks the current token as not examined. */
  leave(): void {
    this.#isAhead = true;
  }

  /** Marks the current token as examined. */
  take(): void {
    this.#isAhead = false;
  }

  /** True if the current token belongs to the directive that is being read. */
  isInside(): boolean {
    return this.lexer.kind !== TOKENS.end && !this.lexer.startsLine;
  }

  /**
   * Whether the current token is beside a paste, or is all of a macro or of a possible argument of a macro. For the
   * first piece of a word the end of an argument is enough, for the last piece the beginning.
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

  /** Takes the header's name at which the lexer is. */
  takeHeader(kind: IncludeDirective['kind']): void {
    const spelled = this.lexer.spelling();
    // In a skipped line these are not names but tokens.
    if (spelled.includes('/*') || spelled.includes('R"')) {
      this.findings.refuse('the name of a header that can be read in two ways');
    }
    // Names outside ASCII are nearly always UTF-8. A name in a code page becomes one that is never found, as for an
    // include by a macro.
    const name = Buffer.from(spelled.slice(1, -1), 'latin1').toString('utf8');
    const isAsking = kind === 'hasInclude' || kind === 'hasIncludeNext';
    if (isAsking && name.includes('\ufffd')) this.findings.isVolatile = true;
    this.findings.addInclude({ kind, form: spelled.startsWith('<') ? 'angle' : 'quote', name });
    this.take();
  }
}
