import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomDigits } from '../../runtime/random.ts';
import { atEnd } from '../../util/at-end.ts';
import { removeIfPossible } from '../../util/atomic-file.ts';

/** A file system may reserve this much at once. If it fits, everything before it fitted as well. */
const ROOM = Buffer.alloc(64 * 1024);

/**
 * Catches what a compiler writes to one of its streams in a file without a name. A pipe would wake this process for
 * each of 150 include notes, which takes 20 ms of processor time from a compile on Bun. And a program that outlives the
 * compiler (mspdbsrv) would hold the pipe open, and this process with it.
 */
export class CapturedStream {
  /** The descriptor for the compiler. */
  readonly descriptor: number;
  /**
   * A handle of its own on Windows: the inherited one has a common position, which a read would move while the compiler
   * writes, so that it would overwrite its own lines. On other systems a read at a position moves nothing.
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
  newBytes(): Buffer {
    const bytes = this.#read(this.#told);
    this.#told += bytes.length;
    return bytes;
  }

  whole(): Buffer {
    return this.#read(0);
  }

  /** False if the disk is full, so that some output may be lost. Call it when everything was read. */
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
