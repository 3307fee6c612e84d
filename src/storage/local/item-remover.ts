import { mkdirSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import { temporarySibling } from '../../util/random-name.ts';
import { FolderRemover } from './folder-remover.ts';
import { isRemovedName, type Layout, removedFolder } from './layout.ts';
import { foldersBelow } from './survey.ts';

/** How many items a folder gets before its removal begins. */
const BATCH = 500;

/**
 * Moves items out of their places into new folders, and removes these beside that. So what waits for a lock, or for a
 * section, does not wait for the disk.
 */
export class ItemRemover {
  readonly #layout: Layout;
  readonly #folders = new FolderRemover();
  #folder: string | undefined;
  #count = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * Moves an entry or a file, in one step, so that no reader finds half of an entry. False if it is gone, or if it is open
   * on Windows and stays.
   */
  take(path: string): boolean {
    this.#folder ??= this.#newFolder();
    try {
      renameSync(path, `${this.#folder}/${this.#count}`);
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || isBusyError(error)) return false;
      throw error;
    }
    this.#count += 1;
    if (this.#count === BATCH) this.#removeFolder();
    return true;
  }

  /** Removes what earlier cleanings had moved when they were killed. Only for the one process that cleans. */
  takeLeft(): void {
    for (const folder of foldersBelow(this.#layout.root))
      if (isRemovedName(basename(folder))) this.#folders.remove(folder);
  }

  /** Resolves when all that was moved is removed. What cannot be removed is left to the next cleaning. */
  async end(): Promise<void> {
    this.#removeFolder();
    await this.#folders.end();
  }

  #newFolder(): string {
    const folder = temporarySibling(removedFolder(this.#layout));
    withCacheUmask(() => mkdirSync(folder));
    return folder;
  }

  #removeFolder(): void {
    if (this.#folder !== undefined) this.#folders.remove(this.#folder);
    this.#folder = undefined;
    this.#count = 0;
  }
}
