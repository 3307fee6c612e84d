import { replaceFileSync } from '../../util/atomic-file.ts';
import { readOwnTextIfThere } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import type { SizeAccounts } from '../store.ts';
import { LEVELS_OF_LEARNT_FILES, learntFile, learntLock } from './layout.ts';
import { bytesBelow } from './sizes.ts';

/** Small files with what calls have learnt, so that later calls need not learn it again. Losing one costs only time. */
export class LearntFiles {
  readonly #folder: string;
  readonly #accounts: Pick<SizeAccounts, 'record'>;

  /** `folder` is a folder in the cache folder. */
  constructor(folder: string, accounts: Pick<SizeAccounts, 'record'>) {
    this.#folder = folder;
    this.#accounts = accounts;
  }

  /**
   * The text under a name, which is a digest. Undefined if there is none, or if it is larger than `maximumSize` bytes.
   */
  read(name: string, maximumSize: number): string | undefined {
    return readOwnTextIfThere(this.#fileOf(name), maximumSize);
  }

  /** Stores a text, and counts its size. Throws a `LockTimeoutError` and system errors. */
  async keep(name: string, text: string): Promise<void> {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    const file = this.#fileOf(name);
    await this.#accounts.record(name, [], (stillHeld) => {
      const before = bytesBelow(file);
      replaceFileSync(file, text, stillHeld);
      return { entries: 0, bytes: Buffer.byteLength(text) - before };
    });
  }

  /** A lock of that name, beside the file. Throws as `keep` does. */
  lockOf(name: string): string {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    return learntLock(this.#folder, name);
  }

  #fileOf(name: string): string {
    return learntFile(this.#folder, name);
  }
}
