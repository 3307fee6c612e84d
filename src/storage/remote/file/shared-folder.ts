import { rmSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { errorCode, isBusyError } from '../../../util/busy-retry.ts';
import { temporarySibling } from '../../../util/random-name.ts';
import { type Beat, RefusedError } from '../remote.ts';

/** How many bytes are written between two beats. */
const STEP = 1024 * 1024;
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
  readonly #unfinished = new Set<string>();
  /** Folders below the root that were checked. */
  readonly #known = new Set<string>();
  #isClosed = false;

  constructor(root: string, beat: Beat) {
    this.#root = root;
    this.#beat = beat;
  }

  /** Writes a file below the root, whole or not at all. Rejects with a `RefusedError` if it cannot be written. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = `${this.#root}/${path}`;
    // The name is random and the file must be new, so that no existing file or link is written through.
    const temporary = temporarySibling(target);
    try {
      await this.#makeFolders(path.split('/').slice(0, -1));
      this.#unfinished.add(temporary);
      await this.#writeNew(temporary, bytes);
      await rename(temporary, target).catch(async (error: unknown) => {
        // Another process is reading the old file, which is equal.
        if (!isBusyError(error)) throw error;
        await rm(temporary, { force: true });
      });
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw REFUSALS.has(errorCode(error) ?? '') ? refusal(error) : error;
    } finally {
      this.#unfinished.delete(temporary);
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

  /** Removes unfinished files. */
  close(): void {
    this.#isClosed = true;
    // Windows does not remove an open file. Its writer removes it.
    for (const temporary of this.#unfinished) removeQuietly(temporary);
  }

  async #writeNew(path: string, bytes: Uint8Array): Promise<void> {
    const file = await open(path, 'wx');
    try {
      for (let at = 0; at < bytes.length; ) {
        if (this.#isClosed) throw new Error('there is no time left');
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
