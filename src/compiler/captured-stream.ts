import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../util/at-end.ts';
import { removeIfPossible } from '../util/atomic-file.ts';
import { randomDigits } from '../util/random-name.ts';

/** As much as a file system may set aside at once: where this fits, what came before it did. */
const ROOM = Buffer.alloc(64 * 1024);

/**
 * What a compiler writes to one of its streams, caught in a file without a name. A pipe wakes us for each of a hundred
 * and fifty include notes, which takes 20 ms of processor time from a compile on Bun; and a program that outlives the
 * compiler (mspdbsrv) holds a pipe open, and us with it.
 */
export class CapturedStream {
  /** For the compiler to write to. */
  readonly descriptor: number;
  /**
   * On Windows a handle of its own: what the compiler inherits has one position for both of us, which a read would move
   * while the compiler writes, so that it overwrites its own lines. Elsewhere a read by position moves nothing.
   */
  readonly #reader: number;
  readonly #path: string;
  #forget = () => {};
  #told = 0;

  /** Throws what opening a file in the folder for temporary files throws. */
  constructor() {
    this.#path = join(tmpdir(), `clcache-${randomDigits()}.out`);
    this.descriptor = openSync(this.#path, 'wx+', 0o600);
    if (process.platform === 'win32') {
      this.#reader = openBeside(this.#path, this.descriptor);
      this.#forget = atEnd(() => this.close());
    } else {
      this.#reader = this.descriptor;
      unlinkSync(this.#path);
    }
  }

  /** What was written since the last call. */
  news(): Buffer {
    const bytes = this.#read(this.#told);
    this.#told += bytes.length;
    return bytes;
  }

  whole(): Buffer {
    return this.#read(0);
  }

  /** False when the disk is full, so that some of what was written may be lost. To be asked when all is read. */
  hasRoom(): boolean {
    try {
      return writeSync(this.descriptor, ROOM, 0, ROOM.length, fstatSync(this.#reader).size) === ROOM.length;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#forget();
    closeSync(this.descriptor);
    if (this.#reader === this.descriptor) return;
    closeSync(this.#reader);
    removeIfPossible(this.#path);
  }

  #read(from: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, fstatSync(this.#reader).size - from));
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(this.#reader, bytes, length, bytes.length - length, from + length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  }
}

function openBeside(path: string, descriptor: number): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    closeSync(descriptor);
    removeIfPossible(path);
    throw error;
  }
}
