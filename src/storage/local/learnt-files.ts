import { replaceFileSync } from '../../util/atomic-file.ts';
import type { StillHeld } from '../../util/file-lock.ts';
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
    await this.keepAll(new Map([[name, text]]));
  }

  /**
   * Stores several texts by their names, those that are counted in one section under one lock. Throws as `keep` does.
   */
  async keepAll(texts: ReadonlyMap<string, string>): Promise<void> {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    const sections = new Set(Array.from(texts.keys(), (name) => name.charAt(0)));
    for (const section of sections) {
      const together = Array.from(texts).filter(([name]) => name.startsWith(section));
      await this.#accounts.record(section, [], (stillHeld) => {
        const grown = together.map(([name, text]) => this.#replace(name, text, stillHeld));
        return { entries: 0, bytes: grown.reduce((sum, bytes) => sum + bytes, 0) };
      });
    }
  }

  /**
   * Changes a text in one step, of which no other process sees a half. Writes nothing if the text stays. Throws as `keep`
   * does.
   */
  async change(name: string, maximumSize: number, to: (text: string | undefined) => string): Promise<void> {
    const file = this.#fileOf(name);
    await this.#accounts.record(name, [this.lockOf(name)], (stillHeld) => {
      const before = this.read(name, maximumSize);
      const text = to(before);
      if (text === before) return { entries: 0, bytes: 0 };
      const bytesBefore = bytesBelow(file);
      replaceFileSync(file, text, stillHeld);
      return { entries: 0, bytes: Buffer.byteLength(text) - bytesBefore };
    });
  }

  /** A lock of that name, beside the file. Throws as `keep` does. */
  lockOf(name: string): string {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    return learntLock(this.#folder, name);
  }

  /** Returns by how many bytes the cache has grown. */
  #replace(name: string, text: string, stillHeld: StillHeld): number {
    const file = this.#fileOf(name);
    const before = bytesBelow(file);
    replaceFileSync(file, text, stillHeld);
    return Buffer.byteLength(text) - before;
  }

  #fileOf(name: string): string {
    return learntFile(this.#folder, name);
  }
}
