import { rmSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { errorCode, isBusyError } from '../../../util/busy-retry.ts';
import { temporarySibling } from '../../../util/random-name.ts';
import { type Beat, RefusedError } from '../remote.ts';

/** Bytes that are written between two signs of life. */
const STEP = 1024 * 1024;
/** A full disk and a folder that may only be read do not keep anybody from reading. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EISDIR',
  'ENOTEMPTY',
]);

/** Writes into a folder in which others write, too. */
export class SharedFolder {
  readonly #root: string;
  readonly #beat: Beat;
  readonly #unfinished = new Set<string>();
  /** Folders below the root that were looked at. */
  readonly #known = new Set<string>();
  #isClosed = false;

  constructor(root: string, beat: Beat) {
    this.#root = root;
    this.#beat = beat;
  }

  /** A file below the root: there whole or not at all. Rejects with a `RefusedError` where it may not be written. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = `${this.#root}/${path}`;
    // Nobody can foretell the name, and the file is made anew: nothing that lies ready is written through.
    const temporary = temporarySibling(target);
    try {
      await this.#makeFolders(path.split('/').slice(0, -1));
      this.#unfinished.add(temporary);
      await this.#writeNew(temporary, bytes);
      await rename(temporary, target).catch(async (error: unknown) => {
        // Somebody reads the old one just now, which is as good.
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

  /** Leaves nothing unfinished behind. */
  close(): void {
    this.#isClosed = true;
    for (const temporary of this.#unfinished) {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // Windows does not remove what is open; whoever writes it removes it.
      }
    }
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

  /** A link in place of a folder would have us write somewhere else. */
  async #makeFolders(names: readonly string[]): Promise<void> {
    let folder = this.#root;
    for (const name of names) {
      folder = `${folder}/${name}`;
      if (this.#known.has(folder)) continue;
      await mkdir(folder).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
      if (!(await lstat(folder)).isDirectory()) throw new RefusedError(`${folder} is no folder`);
      this.#known.add(folder);
    }
  }
}

function refusal(error: unknown): RefusedError {
  return Object.assign(new RefusedError(error instanceof Error ? error.message : String(error)), {
    cause: error,
  });
}
