import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type Beat, TooLargeError } from '../remote.ts';
import { ReplyFrames, type ReplyKind } from './reply-frames.ts';

/** The most bytes of an answer beside its value. */
const SLACK = 16 * 1024;

/**
 * A connection that passes to the client library only what can be an answer, and no more bytes than that answer may
 * have, because the library accepts whatever a server sends. Other data ends the connection.
 */
export class CheckedStream extends Duplex {
  readonly #socket: Socket;
  readonly #frames = new ReplyFrames();
  #left = SLACK;
  #pending = 0;

  constructor(socket: Socket, beat: Beat) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (chunk) => {
      beat();
      this.#take(chunk);
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Runs a command whose answer holds a value, or a list, of at most `bytes` bytes. */
  async ask<T>(bytes: number, command: () => Promise<T>, kind: ReplyKind = 'value'): Promise<T> {
    this.#left += bytes + SLACK;
    this.#pending += 1;
    this.#frames.expect(kind);
    try {
      return await command();
    } finally {
      this.#pending -= 1;
      // Bytes that earlier answers did not use do not count for later ones.
      if (this.#pending === 0) this.#left = SLACK;
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  /** The library calls this method and the next two on a socket. */
  setNoDelay(isOn?: boolean): void {
    this.#socket.setNoDelay(isOn);
  }

  setKeepAlive(isOn?: boolean, delayMs?: number): void {
    this.#socket.setKeepAlive(isOn, delayMs);
  }

  #take(chunk: Buffer): void {
    this.#left -= chunk.length;
    try {
      if (this.#left < 0) throw new TooLargeError('the server sends more than was asked for');
      this.#frames.follow(chunk);
      if (!this.push(chunk)) this.#socket.pause();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
