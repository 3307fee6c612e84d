import { behindBlanks, behindToken, endOfName, isPlain, lastOf, startOfName, startOfToken } from './bytes.ts';
import { CLASS_OF, OPERATOR } from './characters.ts';
import { type Definition, endOfDefine, NOT_DEFINED } from './definition.ts';
import { directivePlaces, PLACES, type Place, placeName } from './directives.ts';
import type { Interests } from './interests.ts';
import { isOperand, Lexer, NAME, PASTED } from './lexer.ts';
import { type Machine, runMachine, startOfStop } from './machine.ts';
import { ON_DIRECTIVE, STOPS } from './machine-parts.ts';
import { IN_TEXT, NamesOfInterest, stringMayMatter } from './names-of-interest.ts';
import { READINGS } from './readings.ts';
import { TOKENS } from './token.ts';

const QUOTE = 0x22;
const OPEN = 0x28;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const LESS = 0x3c;

/**
 * A lexer that skips what a scan does not need. A cache runs too briefly for large functions to be compiled well. Most
 * bytes are therefore read by a state machine whose loop has only a few lines.
 *
 * Nothing is lost. The machine skips only what `next` would read and the scan would ignore: blanks, plain comments, strings
 * and characters without escapes, plain numbers, operators, names that cannot be words of interest, and the names of
 * directives that are conditions or definitions. It stops before everything else, and `next` reads that. A scan also asks
 * for the place of a token, whether it is the first on its line, and the two tokens before it. Those tokens are read
 * again before the scan gets the token.
 */
export class Skimmer extends Lexer {
  /** The end of the `#define` to which the current token belongs. */
  definedAt = 0;
  /** There was an operator that pastes words. */
  pastes = false;
  /** There was an operator that makes text of words. */
  stringises = false;
  readonly #machine: Machine;
  readonly #names: NamesOfInterest;
  readonly #canPassBy: boolean;
  #place: number = PLACES.text;
  /** The position up to which all tokens are known. */
  #known = 0;
  /** The start of the line on which the machine stopped, and of the second line with tokens before it. */
  #line = 0;
  #third = 0;
  /** Why the machine stopped: one of `STOPS`, less `ON_DIRECTIVE` on the line of a directive. */
  #stop = 0;
  readonly #marks = new Int32Array(4);

  constructor(bytes: Uint8Array, reading: number, interests: Interests) {
    super(bytes, reading);
    this.#machine = interests.machine;
    this.#names = new NamesOfInterest(this.text, interests);
    this.#canPassBy = this.text.isPlain && (reading & READINGS.tightSplices) === 0;
  }

  /** Where the current token is. */
  get place(): Place {
    return placeName(this.#place);
  }

  /** The rest of the line belongs to a directive. */
  enter(place: Place): void {
    this.#place = PLACES[place];
    this.definedAt = this.end;
  }

  /** The macro that is being defined. */
  definition(): Definition {
    return this.#names.definitionAt(this.definedAt);
  }

  override next(): number {
    const kind = super.next();
    if (this.startsLine) this.#place = PLACES.text;
    return kind;
  }

  /**
   * Goes to the next token that matters to a scan: an identifier of interest (or one that is not plain), a string that
   * may matter (see `stringMayMatter`), a dot with no operand before it, the name of a header in a plain include directive, or
   * the hash of another directive. Conditions and definitions are skipped up to the first such token on their lines.
   */
  skim(): number {
    for (;;) {
      if (this.last !== PASTED && this.passBy()) return this.kind;
      const kind = this.next();
      if (kind === TOKENS.paste) this.pastes = true;
      else if (kind === TOKENS.hash && !this.startsLine) this.stringises = true;
      if (this.#isOfInterest(kind)) return kind;
    }
  }

  #isOfInterest(kind: number): boolean {
    switch (kind) {
      case TOKENS.end:
        return true;
      case TOKENS.hash:
        return this.startsLine;
      case TOKENS.identifier:
        return !this.isPlain || this.#names.matters(this.spelling(), this.end, this.#definedFrom());
      case TOKENS.punctuator:
        return this.byte === DOT && !isOperand(this.previous);
      case TOKENS.string:
        return this.isRaw || stringMayMatter(this.text.bytes, this.start, this.end);
      default:
        return false;
    }
  }

  /**
   * Skips to the next token that may be of interest, and leaves it to `next`. Returns true if it has read that token.
   */
  protected passBy(): boolean {
    if (!this.#canPassBy) return false;
    const from = this.end;
    this.#known = this.#line = this.#third = from;
    const at = this.#run(from);
    const isOnDirective = this.#stop <= -ON_DIRECTIVE;
    const stop = isOnDirective ? this.#stop + ON_DIRECTIVE : this.#stop;
    if (stop === STOPS.header) {
      this.#takeHeaderName(at);
      return true;
    }
    const start = startOfStop(this.text.bytes, stop, { at, line: this.#line });
    if (stop === STOPS.directive) {
      this.hasLineEnd = true;
    } else if (start < this.text.length) {
      if (!isOnDirective) this.#place = PLACES.text;
      else if (this.#line !== from || this.#place === PLACES.text) this.#enterDirective();
      this.#catchUp(start);
    }
    this.end = start;
    return false;
  }

  /** Makes the header's name that ends at `at` the current token. */
  #takeHeaderName(at: number): void {
    const { bytes } = this.text;
    this.start = lastOf(bytes, at, bytes[at] === QUOTE ? QUOTE : LESS);
    this.end = at + 1;
    this.kind = TOKENS.headerName;
    this.isPlain = true;
    this.isRaw = false;
    this.startsLine = false;
    this.hasLineEnd = false;
    this.hash = 0;
    this.last = NAME;
    this.lastHash = 0;
    this.enter('other');
  }

  /** Returns the byte at which the machine stops, and sets `#stop`. */
  #run(from: number): number {
    const { bytes } = this.text;
    const machine = this.#machine;
    const marks = this.#marks;
    marks.fill(from);
    let state = this.#firstRow();
    for (let at = from; ; ) {
      at = runMachine(machine, bytes, state, at, marks);
      const stop = marks[3] as number;
      const isOnDirective = stop <= -ON_DIRECTIVE;
      if (stop + (isOnDirective ? ON_DIRECTIVE : 0) !== STOPS.name || this.#wantsName(at, !isOnDirective)) {
        this.#stop = stop;
        this.#line = marks[0] as number;
        this.#third = marks[2] as number;
        return at;
      }
      // The name is of no interest.
      state = (isOnDirective ? machine.directive : machine.text).operand;
    }
  }

  #firstRow(): number {
    const machine = this.#machine;
    const isArgument = this.last === OPEN || this.last === COMMA;
    if (this.hasLineEnd) return isArgument ? machine.text.startOfArgument : machine.text.start;
    const gaps = this.#place === PLACES.text ? machine.text : machine.directive;
    if (isArgument) return gaps.argument;
    return isOperand(this.last) ? gaps.operand : gaps.other;
  }

  #wantsName(end: number, isInText: boolean): boolean {
    const { bytes } = this.text;
    const word = bytes.toString('latin1', startOfName(bytes, end), end);
    return this.#names.matters(word, end, isInText ? IN_TEXT : this.#definedOnLine(this.#marks[0] as number));
  }

  /** The end of the `#define` of the current token, `NOT_DEFINED` in another directive, or `IN_TEXT`. */
  #definedFrom(): number {
    if (this.#place === PLACES.text) return IN_TEXT;
    return this.#place === PLACES.define ? this.definedAt : NOT_DEFINED;
  }

  /** The same for the line of a directive on which the machine is. */
  #definedOnLine(line: number): number {
    const isHere = line === this.#known && this.#place !== PLACES.text;
    return isHere ? this.#definedFrom() : endOfDefine(this.text.bytes, line);
  }

  /** Reads the name of a directive that the machine skipped, and the macro that it defines. */
  #enterDirective(): void {
    const { bytes } = this.text;
    if (this.#line !== this.#known) this.hasLineEnd = true;
    this.end = this.#line;
    super.next();
    const nameEnd = endOfName(bytes, behindBlanks(bytes, this.end));
    super.next();
    this.#place = directivePlaces().placeOf(this.hash);
    this.definedAt = nameEnd;
    // The name that is defined is not used.
    if (this.#place === PLACES.define) super.next();
    this.#known = this.#line = this.#third = this.end;
  }

  /** Reads the last two tokens before `at` again. */
  #catchUp(at: number): void {
    const { bytes } = this.text;
    const line = this.#line;
    const end = behindToken(bytes, line, at);
    if (end === line) {
      if (line !== this.#known) this.#readUpTo(at);
      return;
    }
    const byte = bytes[end - 1] as number;
    const sort = CLASS_OF[byte] as number;
    if (sort === OPERATOR && byte !== OPEN && byte !== PLUS && byte !== MINUS) {
      this.last = byte;
      this.lastHash = 0;
    } else if (sort <= OPERATOR) {
      const start = startOfToken(bytes, line, end);
      const before = behindToken(bytes, line, start);
      if (before === line ? byte === OPEN && line !== this.#known : !isPlain(bytes[before - 1] as number)) {
        this.#readUpTo(at);
        return;
      }
      this.end = startOfToken(bytes, line, before);
      while (this.end < end) super.next();
    } else {
      this.#readUpTo(at);
      return;
    }
    this.hasLineEnd = false;
  }

  /** Reads all tokens from the third last line up to `at` again, if the text before `at` is not plain. */
  #readUpTo(at: number): void {
    this.end = this.#third;
    if (this.#third !== this.#known) this.hasLineEnd = true;
    while (this.end < at) {
      const { callee } = this;
      super.next();
      if (this.start < at) continue;
      this.last = this.previous;
      this.lastHash = this.previousHash;
      this.hasLineEnd = this.startsLine;
      this.callee = callee;
      return;
    }
  }
}
