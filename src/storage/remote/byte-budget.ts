import type { Socket } from 'node:net';
import { TooLargeError } from './remote.ts';

/** What answers are larger than the values in them. */
const SLACK = 4096;

/**
 * How many bytes a connection may still bring. The client libraries take whatever a server sends, however much it
 * says that it will be; this ends the connection instead.
 */
export class ByteBudget {
  #left = 16 * 1024;

  /** An answer with a value of at most so many bytes was asked for. */
  allow(bytes: number): void {
    this.#left += bytes + SLACK;
  }

  /** Watches a connection from its first byte on. */
  watch(socket: Socket): void {
    socket.prependListener('data', (chunk: Uint8Array) => {
      this.#left -= chunk.length;
      if (this.#left < 0) socket.destroy(new TooLargeError('the server sends more than was asked for'));
    });
  }
}
