import { UnexpectedAnswerError } from '../remote.ts';

/** In bytes. A server's error is a sentence. */
const LONGEST_LINE = 16 * 1024;

/**
 * Follows what a Redis server sends without storing it, and accepts only what can be an answer to GET, SET, AUTH and
 * SELECT: a word, an error, a number or a string of bytes. Lists could be nested without end and hold millions of
 * elements, and the client library ends the whole process over an answer that nobody asked for.
 */
export class ReplyFrames {
  #line = '';
  /** The remaining bytes of a string and its line end. */
  #toSkip = 0;
  #expected = 0;

  /** One more command is sent. */
  expect(): void {
    this.#expected += 1;
  }

  /** Throws an `UnexpectedAnswerError` as soon as the bytes cannot be answers to what was sent. */
  follow(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#toSkip > 0) {
        const step = Math.min(this.#toSkip, chunk.length - at);
        at += step;
        this.#toSkip -= step;
        if (this.#toSkip === 0) this.#endReply();
        continue;
      }
      const end = chunk.indexOf('\n', at);
      this.#line += chunk.toString('latin1', at, Math.min(end < 0 ? chunk.length : end, at + LONGEST_LINE));
      if (!/^[+:$-]/.test(this.#line))
        throw new UnexpectedAnswerError('the answer is a list, or none of Redis');
      if (this.#line.length >= LONGEST_LINE) throw new UnexpectedAnswerError('the answer is not a line');
      if (end < 0) return;
      at = end + 1;
      this.#readHead(this.#line);
      this.#line = '';
    }
  }

  #readHead(line: string): void {
    if (!line.startsWith('$')) {
      this.#endReply();
      return;
    }
    const [, length] = /^\$(-1|\d{1,12})\r$/.exec(line) ?? [];
    if (length === undefined) throw new UnexpectedAnswerError('the answer has no length');
    if (length === '-1') this.#endReply();
    else this.#toSkip = Number(length) + '\r\n'.length;
  }

  #endReply(): void {
    if (this.#expected === 0) throw new UnexpectedAnswerError('the server answers what it was not asked');
    this.#expected -= 1;
  }
}
