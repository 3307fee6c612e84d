import {
  DIGITS,
  FOREIGNERS,
  type Gaps,
  LINE,
  NAMES,
  ON_DIRECTIVE,
  PRAGMA_LETTERS,
  STICKY,
  STOPS,
} from './machine-parts.ts';
import type { Rows } from './rows.ts';
import { addLetters, addWords, type WordLetters } from './word-rows.ts';

/** The states of text, or of the line of a directive. */
export class Mode {
  readonly #rows: Rows;
  readonly #gaps: Gaps;
  readonly #hash: number;
  readonly #isText: boolean;
  /** The states after a quote, an apostrophe, a digit, a dot and `%`. */
  readonly #string: number;
  readonly #character: number;
  readonly #number: number;
  readonly #dot: number;
  readonly #percent: number;

  /** `hash` is the row after the hash of a directive. It is negative on the line of a directive. */
  constructor(rows: Rows, gaps: Gaps, hash: number) {
    this.#rows = rows;
    this.#gaps = gaps;
    this.#hash = hash;
    this.#isText = hash >= 0;
    this.#string = rows.add();
    this.#character = rows.add();
    this.#number = rows.add();
    this.#dot = rows.add();
    this.#percent = rows.add();
  }

  fill(words: WordLetters): void {
    const rows = this.#rows;
    const { start, startOfArgument, operand, argument, other } = this.#gaps;
    const behindTokens = [operand, argument, other];
    const gaps = this.#isText ? [start, startOfArgument, ...behindTokens] : behindTokens;
    const slashes = gaps.map((gap) => ({ gap, slash: rows.add(), backslash: rows.add() }));
    for (const { gap, slash, backslash } of slashes) {
      this.#fillGap(gap);
      rows.on(gap, '/', slash);
      rows.on(gap, '\\', backslash);
    }
    const dots = this.#addEllipsis();
    for (const gap of gaps) rows.on(gap, '.', gap === operand ? this.#dot : dots);
    this.#fillLiterals();
    this.#fillNumbers();
    this.#addNames(gaps, words);
    // A dot may begin a number, and a digraph may be a hash.
    rows.like(this.#dot, operand);
    rows.on(this.#dot, DIGITS, this.#stop('word'));
    rows.on(this.#dot, '\\', this.#stop('oneBefore'));
    rows.like(this.#percent, other);
    rows.on(this.#percent, ':\\', this.#stop('oneBefore'));
    for (const { gap, slash, backslash } of slashes) {
      this.#fillSlash(gap, slash);
      this.#fillBackslash(gap, backslash);
    }
  }

  #stop(name: keyof typeof STOPS): number {
    return STOPS[name] - (this.#isText ? 0 : ON_DIRECTIVE);
  }

  #behindLine(gap: number): number {
    const { start, startOfArgument, argument } = this.#gaps;
    if (gap === start || gap === startOfArgument) return gap;
    return LINE - (gap === argument ? startOfArgument : start);
  }

  #fillGap(gap: number): void {
    const rows = this.#rows;
    const { start, startOfArgument, operand, argument, other } = this.#gaps;
    rows.always(gap, other);
    rows.on(gap, ' \t\v\f', gap);
    rows.on(gap, '\n\r', this.#behindLine(gap));
    rows.on(gap, '(,', argument);
    rows.on(gap, ')]}>', operand);
    rows.on(gap, '"', this.#string);
    rows.on(gap, "'", this.#character);
    rows.on(gap, '%', this.#percent);
    rows.on(gap, DIGITS, this.#number);
    rows.on(gap, `\0${FOREIGNERS}`, this.#stop('here'));
    rows.on(gap, '#', gap === start || gap === startOfArgument ? this.#hash : this.#stop('here'));
  }

  /** Three dots are skipped. The machine stops before a dot that is alone. */
  #addEllipsis(): number {
    const rows = this.#rows;
    const [first, second] = [rows.add(), rows.add()];
    rows.always(first, this.#stop('oneBefore'));
    rows.on(first, '.', second);
    rows.always(second, this.#stop('twoBefore'));
    rows.on(second, '.', this.#gaps.operand);
    return first;
  }

  /** Literals without escapes that end on their line are skipped. Strings must also have nothing that may matter. */
  #fillLiterals(): void {
    const rows = this.#rows;
    const { operand } = this.#gaps;
    const rest = rows.add();
    rows.always(this.#string, this.#stop('string'));
    rows.on(this.#string, NAMES, rest);
    rows.on(this.#string, PRAGMA_LETTERS, this.#stop('string'));
    rows.always(rest, rest);
    rows.on(rest, '.\\<\n\r\0', this.#stop('string'));
    for (const row of [this.#string, rest]) rows.on(row, '"', operand);
    rows.always(this.#character, this.#character);
    rows.on(this.#character, '\\\n\r\0', this.#stop('character'));
    rows.on(this.#character, "'", operand);
  }

  #fillNumbers(): void {
    const rows = this.#rows;
    const exponent = rows.add();
    rows.like(this.#number, this.#gaps.operand);
    rows.on(this.#number, `${NAMES}${DIGITS}.`, this.#number);
    rows.on(this.#number, `'\\${FOREIGNERS}`, this.#stop('word'));
    rows.on(this.#number, 'eEpP', exponent);
    rows.like(exponent, this.#number);
    rows.on(exponent, '+-', this.#stop('word'));
  }

  #addNames(gaps: readonly number[], words: WordLetters): void {
    const rows = this.#rows;
    const { startOfArgument, operand, argument } = this.#gaps;
    const [plain, last] = [rows.add(), rows.add()];
    rows.like(plain, operand);
    rows.always(last, this.#stop('name'));
    for (const row of [plain, last]) {
      rows.on(row, STICKY, this.#stop('word'));
      rows.on(row, `${NAMES}${DIGITS}`, plain);
    }
    const letters = addLetters(rows, words, { plain, last });
    const inText = this.#isText ? addWords(rows, words, { plain, last, letters }) : letters;
    for (const gap of gaps) {
      rows.on(gap, NAMES, plain);
      const mayBeArgument = gap === argument || gap === startOfArgument;
      const names = mayBeArgument ? letters : inText;
      for (const [letter, row] of names) rows.on(gap, letter, row);
    }
  }

  /** A comment, after which the state is the one before it, or an operator. */
  #fillSlash(gap: number, slash: number): void {
    const rows = this.#rows;
    const [block, star] = [rows.add(), rows.add()];
    rows.like(slash, this.#gaps.other);
    rows.on(slash, '/', this.#addLineComment(gap));
    rows.on(slash, '*', block);
    rows.on(slash, '\\', this.#stop('oneBefore'));
    rows.always(block, block);
    rows.on(block, '\0', this.#stop('here'));
    rows.like(star, block);
    for (const row of [block, star]) rows.on(row, '*', star);
    rows.on(star, '/', gap);
  }

  /** Ends with the line. If a backslash is before the line end, it ends with the next line. */
  #addLineComment(gap: number): number {
    const rows = this.#rows;
    const [begun, line, backslash] = [rows.add(), rows.add(), rows.add()];
    const [feed, carriageReturn] = [rows.add(), rows.add()];
    rows.always(line, line);
    rows.on(line, '\n\r', this.#behindLine(gap));
    rows.on(line, '\\', backslash);
    rows.on(line, '\0', this.#stop('here'));
    for (const row of [begun, backslash, feed, carriageReturn]) rows.like(row, line);
    // Some compilers read this as a division and a comment of the other kind.
    rows.on(begun, '*\\', this.#stop('twoBefore'));
    rows.on(backslash, ' \t\v\f', backslash);
    rows.on(backslash, '\n', feed);
    rows.on(backslash, '\r', carriageReturn);
    rows.on(feed, '\r', line);
    rows.on(carriageReturn, '\n', line);
    return begun;
  }

  /** A backslash directly before a line end continues the line. */
  #fillBackslash(gap: number, backslash: number): void {
    const rows = this.#rows;
    const feed = rows.add();
    rows.always(backslash, this.#stop('oneBefore'));
    rows.on(backslash, '\n', feed);
    rows.like(feed, gap);
    rows.on(feed, '\r', gap);
  }
}
