import { mkdirSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { describeError } from '../../diagnostics/errors.ts';
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
  /** The first error of the system that kept something in its place. */
  #refusal: unknown;
  #folder: string | undefined;
  #count = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * Moves an entry or a file, in one step, so that no reader finds half of an entry. False if it is gone, or if it stays:
   * because it is open on Windows, or because the system refuses.
   */
  take(path: string): boolean {
    this.#folder ??= this.#newFolder();
    try {
      renameSync(path, `${this.#folder}/${this.#count}`);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' && !isBusyError(error)) this.#note(error);
      return false;
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

  /** Does one part of a cleaning. What the system refuses there keeps no other part. */
  async attempt<T>(part: () => Promise<T>): Promise<T | undefined> {
    try {
      return await part();
    } catch (error) {
      this.#note(error);
      return undefined;
    }
  }

  /** Resolves when all that was moved is removed, as far as possible. */
  async settle(): Promise<void> {
    this.#removeFolder();
    await this.#folders.settle();
  }

  /** Resolves when all that was moved is removed. What cannot be removed is left to the next cleaning. */
  async end(): Promise<void> {
    this.#removeFolder();
    const [left] = await this.#folders.end();
    // On Windows what is open is gone when it is closed.
    if (left !== undefined && process.platform !== 'win32') this.#refusal ??= `${left} stays`;
  }

  /** In one line, what the system has refused first. */
  get refused(): string | undefined {
    return this.#refusal === undefined ? undefined : describeError(this.#refusal);
  }

  /** One folder of another user, or one protected file, may not keep all others. */
  #note(error: unknown): void {
    if (errorCode(error) === undefined) throw error;
    this.#refusal ??= error;
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
