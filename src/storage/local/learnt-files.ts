import { replaceFileSync } from '../../util/atomic-file.ts';
import type { StillHeld } from '../../util/file-lock.ts';
import { readOwnTextIfThere } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import type { Growth, SizeAccounts } from '../store.ts';
import { LEVELS_OF_LEARNT_FILES, learntFile, learntLock } from './layout.ts';
import { bytesBelow } from './sizes.ts';

/** Gets the text as it is now, if there is one. Without a new one nothing is written. */
interface Change {
  readonly to: (text: string | undefined) => string | undefined;
  readonly stillHeld: StillHeld;
}

const NO_GROWTH: Growth = { entries: 0, bytes: 0 };

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
    await this.#accounts.record(name, [], (stillHeld) => this.#replace(name, text, stillHeld));
  }

  /**
   * Changes several texts, each in one step of which no other process sees a half: those that are counted in one section
   * under its lock. A text that becomes undefined stays as it is. Throws as `keep` does.
   */
  async changeAll(changes: ReadonlyMap<string, Change['to']>, maximumSize: number): Promise<void> {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    const sections = new Set(Array.from(changes.keys(), (name) => name.charAt(0)));
    for (const section of sections) {
      const together = Array.from(changes).filter(([name]) => name.startsWith(section));
      await this.#accounts.record(section, [], (stillHeld) => {
        const grown = together.map(([name, to]) => this.#change(name, maximumSize, { to, stillHeld }));
        return { entries: 0, bytes: grown.reduce((sum, { bytes }) => sum + bytes, 0) };
      });
    }
  }

  /**
   * Changes a text in one step, of which no other process sees a half. Writes nothing if the text stays. Throws as `keep`
   * does.
   */
  async change(name: string, maximumSize: number, to: (text: string | undefined) => string): Promise<void> {
    await this.#accounts.record(name, [this.lockOf(name)], (stillHeld) =>
      this.#change(name, maximumSize, { to, stillHeld }),
    );
  }

  /** A lock of that name, beside the file. Throws as `keep` does. */
  lockOf(name: string): string {
    makeOwnFolder(this.#folder, LEVELS_OF_LEARNT_FILES);
    return learntLock(this.#folder, name);
  }

  #change(name: string, maximumSize: number, { to, stillHeld }: Change): Growth {
    const before = this.read(name, maximumSize);
    const text = to(before);
    return text === undefined || text === before ? NO_GROWTH : this.#replace(name, text, stillHeld);
  }

  /** Returns by how much the cache has grown. */
  #replace(name: string, text: string, stillHeld: StillHeld): Growth {
    const file = this.#fileOf(name);
    const before = bytesBelow(file);
    replaceFileSync(file, text, stillHeld);
    return { entries: 0, bytes: Buffer.byteLength(text) - before };
  }

  #fileOf(name: string): string {
    return learntFile(this.#folder, name);
  }
}
