import type { Socket } from 'node:net';
import { type Beat, TooLargeError } from './remote.ts';

/** What answers are larger than the values in them, and what a server says of itself. */
const SLACK = 16 * 1024;

/**
 * How many bytes a connection may still bring. The client libraries take whatever a server sends, however much it
 * says that it will be; this ends the connection instead.
 */
export class ByteBudget {
  #left = SLACK;
  #pending = 0;

  /** Runs a request whose answer holds a value of at most so many bytes. */
  async spend<T>(bytes: number, request: () => Promise<T>): Promise<T> {
    this.#left += bytes + SLACK;
    this.#pending += 1;
    try {
      return await request();
    } finally {
      this.#pending -= 1;
      // What earlier answers left over is nothing that later ones may take.
      if (this.#pending === 0) this.#left = SLACK;
    }
  }

  /** Watches a connection from its first byte on; each one is a sign of life. */
  watch(socket: Socket, beat: Beat): void {
    socket.prependListener('data', (chunk: Uint8Array) => {
      beat();
      this.#left -= chunk.length;
      if (this.#left < 0) socket.destroy(new TooLargeError('the server sends more than was asked for'));
    });
  }
}
