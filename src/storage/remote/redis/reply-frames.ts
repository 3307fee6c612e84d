import { UnexpectedAnswerError } from '../remote.ts';

/** In bytes. A server's error is a sentence. */
const LONGEST_LINE = 16 * 1024;

/** A cluster has up to 1000 servers, and each may have several ranges of slots. Their number is 16384. */
const LONGEST_LIST = 16_384;
/** The deepest answer is that to CLUSTER SLOTS: ranges, each with servers, each with facts. */
const DEEPEST_LIST = 4;

/** What a command may be answered with. */
export type ReplyKind = 'value' | 'list';

/**
 * Follows what a Redis server sends without storing it, and accepts only what can be the answer to a command: a word, an
 * error, a number or a string of bytes, and a list only for commands that ask for one. Lists could be nested without end
 * and hold millions of elements, and the client library ends the whole process over an answer that nobody asked for.
 */
export class ReplyFrames {
  #line = '';
  /** The remaining bytes of a string and its line end. */
  #toSkip = 0;
  /** The commands without an answer, in their order. */
  readonly #expected: ReplyKind[] = [];
  /** The missing elements of each list that has begun, the innermost one last. */
  readonly #lists: number[] = [];

  /** One more command is sent. */
  expect(kind: ReplyKind): void {
    this.#expected.push(kind);
  }

  /** Throws an `UnexpectedAnswerError` as soon as the bytes cannot be answers to what was sent. */
  follow(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#toSkip > 0) {
        const step = Math.min(this.#toSkip, chunk.length - at);
        at += step;
        this.#toSkip -= step;
        if (this.#toSkip === 0) this.#endElement();
        continue;
      }
      const end = chunk.indexOf('\n', at);
      this.#line += chunk.toString('latin1', at, Math.min(end < 0 ? chunk.length : end, at + LONGEST_LINE));
      if (!(this.#expected[0] === 'list' ? /^[+:$*-]/ : /^[+:$-]/).test(this.#line))
        throw new UnexpectedAnswerError('the answer is a list, or none of Redis');
      if (this.#line.length >= LONGEST_LINE) throw new UnexpectedAnswerError('the answer is not a line');
      if (end < 0) return;
      at = end + 1;
      this.#readHead(this.#line);
      this.#line = '';
    }
  }

  #readHead(line: string): void {
    if (!/^[$*]/.test(line)) {
      this.#endElement();
      return;
    }
    const [, length] = /^[$*](-1|\d{1,12})\r$/.exec(line) ?? [];
    if (length === undefined) throw new UnexpectedAnswerError('the answer has no length');
    if (length === '-1' || (length === '0' && line.startsWith('*'))) this.#endElement();
    else if (line.startsWith('*')) this.#beginList(Number(length));
    else this.#toSkip = Number(length) + '\r\n'.length;
  }

  #beginList(length: number): void {
    // The library takes memory for all elements before they come.
    if (this.#lists.length === DEEPEST_LIST || length > LONGEST_LIST)
      throw new UnexpectedAnswerError('the answer is a list that is too deep or too long');
    this.#lists.push(length);
  }

  #endElement(): void {
    for (let left = this.#lists.pop(); left !== undefined; left = this.#lists.pop()) {
      if (left === 1) continue;
      this.#lists.push(left - 1);
      return;
    }
    if (this.#expected.shift() === undefined)
      throw new UnexpectedAnswerError('the server answers what it was not asked');
  }
}
