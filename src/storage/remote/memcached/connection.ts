import type { Socket } from 'node:net';
import { ByteReader } from '../byte-reader.ts';
import type { Beat } from '../remote.ts';

/** A connection on which answers come in the order of the questions. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader: ByteReader;
  /** Settles when the answers to all questions so far were read. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket, beat: Beat) {
    this.#socket = socket;
    this.#reader = new ByteReader(socket, beat);
    // The reader gets the error.
    socket.on('error', () => {});
  }

  /**
   * Sends a question at once, and reads its answer in turn. An answer that cannot be read ends the connection, because
   * the beginning of the next answer is unknown.
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
    // Each question gets the error through its own answer.
    answer.catch(() => {});
    return answer;
  }

  /** True if the server has closed the connection. */
  get isGone(): boolean {
    return this.#socket.destroyed || this.#reader.isAtEnd;
  }

  close(): void {
    this.#socket.destroy();
  }
}
