import type { Socket } from 'node:net';
import { type Beat, UnexpectedAnswerError } from './remote.ts';

/**
 * Reads from a server as much as is asked for, and at most one piece ahead. Whatever else the server sends waits in the
 * network and fills no memory.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #beat: Beat;
  #rest: Buffer = Buffer.alloc(0);
  /** The next piece. It is requested ahead, because the end of the connection is noticed only so. */
  #next: Promise<IteratorResult<Uint8Array, unknown>>;
  #isAtEnd = false;

  constructor(socket: Socket, beat: Beat) {
    this.#chunks = (socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    this.#beat = beat;
    this.#next = this.#fetch();
  }

  /** True if nothing more will come. */
  get isAtEnd(): boolean {
    return this.#isAtEnd && this.#rest.length === 0;
  }

  /** Reads `count` bytes. Rejects if the connection ends before. */
  async bytes(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0) await this.#more();
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts, count);
  }

  /** Reads a line, without its CR LF. */
  async line(longest: number): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0 && end <= longest) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > longest + 1) throw new UnexpectedAnswerError('the answer is not a line');
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#next;
    if (done === true) throw new Error('the server closed the connection');
    this.#beat();
    this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
    this.#next = this.#fetch();
  }

  #fetch(): Promise<IteratorResult<Uint8Array, unknown>> {
    const next = this.#chunks.next();
    next.then(
      ({ done }) => {
        this.#isAtEnd ||= done === true;
      },
      () => {
        this.#isAtEnd = true;
      },
    );
    return next;
  }
}
