import type { Socket } from 'node:net';
import { type Beat, UnexpectedAnswerError } from './remote.ts';

/**
 * What a server sends, taken only as it is asked for: whatever else it sends waits in the network, and fills no memory.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #beat: Beat;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, beat: Beat) {
    this.#chunks = (socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    this.#beat = beat;
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
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new Error('the server closed the connection');
    this.#beat();
    this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
  }
}
