import type { Socket } from 'node:net';
import { type Beat, UnexpectedAnswerError } from './remote.ts';

/**
 * What a server sends, taken as it is asked for and no more than a piece ahead: whatever else it sends waits in the
 * network, and fills no memory.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #beat: Beat;
  #rest: Buffer = Buffer.alloc(0);
  /** The next piece, which is waited for before anybody wants it: only so an end is noticed. */
  #next: Promise<IteratorResult<Uint8Array, unknown>>;
  #isAtEnd = false;

  constructor(socket: Socket, beat: Beat) {
    this.#chunks = (socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    this.#beat = beat;
    this.#next = this.#fetch();
  }

  /** True when there is nothing more to come. */
  get isAtEnd(): boolean {
    return this.#isAtEnd && this.#rest.length === 0;
  }

  /** So many bytes. Rejects if the connection ends before. */
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

  /** A line without its end, CR LF. */
  async line(longest: number): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0 && end <= longest) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > longest + 1) throw new UnexpectedAnswerError('the answer is no line');
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
