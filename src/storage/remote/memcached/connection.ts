import type { Socket } from 'node:net';
import { ByteReader } from '../byte-reader.ts';
import type { Beat } from '../remote.ts';

/** A connection on which answers come in the order of the questions. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader: ByteReader;
  /** Settles when the answers to all questions so far have been read. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket, beat: Beat) {
    this.#socket = socket;
    this.#reader = new ByteReader(socket, beat);
    // Whoever reads is told of it.
    socket.on('error', () => {});
  }

  /**
   * Asks at once, and reads the answer when it is its turn. What cannot be read ends the connection: nobody knows where
   * the next answer would begin.
   */
  ask<T>(question: readonly Uint8Array[], read: (reader: ByteReader) => Promise<T>): Promise<T> {
    for (const part of question) this.#socket.write(part);
    const before = this.#last;
    const answer = (async () => {
      await before;
      try {
        return await read(this.#reader);
      } catch (error) {
        this.#socket.destroy();
        throw error;
      }
    })();
    this.#last = answer;
    // Each question that waits is told by its own answer.
    answer.catch(() => {});
    return answer;
  }

  /** True when the server has closed it. */
  get isGone(): boolean {
    return this.#socket.destroyed || this.#reader.isAtEnd;
  }

  close(): void {
    this.#socket.destroy();
  }
}
