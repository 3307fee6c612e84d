import { rmSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { errorCode, isBusyError } from '../../../util/busy-retry.ts';
import { temporarySibling } from '../../../util/random-name.ts';
import { within } from '../../../util/time-limit.ts';
import { type Beat, RefusedError } from '../remote.ts';

/** How many bytes are written between two beats. */
const STEP = 1024 * 1024;
/** How long a folder that is closed may take to make or write what it has begun, in milliseconds. */
const LAST_WAIT_MS = 500;
/** A full disk and a read-only folder still serve readers. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EISDIR',
  'ENOTEMPTY',
]);

/** Writes into a folder in which other machines write as well. */
export class SharedFolder {
  readonly #root: string;
  readonly #beat: Beat;
  /** The writing of each temporary file. */
  readonly #unfinished = new Map<string, Promise<void>>();
  /** Folders below the root that were checked. */
  readonly #known = new Set<string>();
  #isClosed = false;

  constructor(root: string, beat: Beat) {
    this.#root = root;
    this.#beat = beat;
  }

  /** Writes a file below the root, whole or not at all. Rejects with a `RefusedError` if it cannot be written. */
  write(path: string, bytes: Uint8Array): Promise<void> {
    // The name is random and the file must be new, so that no existing file or link is written through.
    const temporary = temporarySibling(`${this.#root}/${path}`);
    const writing = this.#writeThrough(temporary, path, bytes).finally(() =>
      this.#unfinished.delete(temporary),
    );
    this.#unfinished.set(temporary, writing);
    return writing;
  }

  async #writeThrough(temporary: string, path: string, bytes: Uint8Array): Promise<void> {
    const target = `${this.#root}/${path}`;
    try {
      await this.#makeFolders(path.split('/').slice(0, -1));
      await this.#writeNew(temporary, bytes);
      await rename(temporary, target).catch(async (error: unknown) => {
        // Another process is reading the old file, which is equal.
        if (!isBusyError(error)) throw error;
        await rm(temporary, { force: true });
      });
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw REFUSALS.has(errorCode(error) ?? '') ? refusal(error) : error;
    }
  }

  /** Removes a file below the root, if that is possible. */
  remove(path: string): void {
    removeQuietly(`${this.#root}/${path}`);
  }

  /** As `remove`, but rejects if that is not possible. */
  async removeOrRefuse(path: string): Promise<void> {
    await rm(`${this.#root}/${path}`, { force: true });
  }

  /**
   * Removes unfinished files: at once as far as the system lets it, and the others before it resolves, unless the folder
   * hangs. Never rejects.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const temporary of this.#unfinished.keys()) removeQuietly(temporary);
    // A file may be about to appear, and Windows does not remove an open one. Their writers remove them.
    const writers = Promise.allSettled(this.#unfinished.values());
    await within(LAST_WAIT_MS, writers, 'ending').catch(() => {});
  }

  #expectTime(): void {
    if (this.#isClosed) throw new Error('there is no time left');
  }

  async #writeNew(path: string, bytes: Uint8Array): Promise<void> {
    this.#expectTime();
    const file = await open(path, 'wx');
    try {
      for (let at = 0; at < bytes.length; ) {
        this.#expectTime();
        const step = Math.min(STEP, bytes.length - at);
        const { bytesWritten } = await file.write(bytes, at, step);
        at += bytesWritten;
        this.#beat();
      }
    } finally {
      await file.close();
    }
  }

  /** A link in place of a folder would lead somewhere else. */
  async #makeFolders(names: readonly string[]): Promise<void> {
    let folder = this.#root;
    for (const name of names) {
      folder = `${folder}/${name}`;
      if (this.#known.has(folder)) continue;
      await mkdir(folder).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
      if (!(await lstat(folder)).isDirectory()) throw new RefusedError(`${folder} is not a folder`);
      this.#known.add(folder);
    }
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What cannot be removed is of no use and does no harm.
  }
}

function refusal(error: unknown): RefusedError {
  return Object.assign(new RefusedError(error instanceof Error ? error.message : String(error)), {
    cause: error,
  });
}
