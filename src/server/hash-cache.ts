import type { Digest } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import { isSettled, signatureOf } from '../hash/hash-memory.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { Watch } from './watch.ts';

/** About 30 MB; beyond that what was not asked for longest is forgotten. */
const MOST_FILES = 100_000;

export interface HashCacheOptions {
  /** True for a file that must be hashed anew each time, and not watched. */
  readonly isExcluded: (path: string) => boolean;
  readonly watch: Watch;
  readonly mostFiles?: number;
}

/**
 * Digests of files in memory. None is given out without a look at its file at that moment: a report of a change may be
 * late, the file's own state is not. Remembered is only what had been left alone for two seconds when it was read.
 */
export class HashCache {
  /** The least recently asked first. */
  readonly #digests = new Map<string, { readonly digest: Digest; readonly signature: string }>();
  readonly #options: HashCacheOptions;

  constructor(options: HashCacheOptions) {
    this.#options = options;
  }

  /** How many files are remembered. */
  get size(): number {
    return this.#digests.size;
  }

  /**
   * The digest of an absolute path's contents now; undefined when it is no readable file, or not the one that has the
   * expected signature.
   */
  digest(path: string, expectedSignature?: string): Digest | undefined {
    const stat = statIfThere(path);
    if (!stat?.isFile()) {
      this.forget(path);
      return undefined;
    }
    const signature = signatureOf(stat);
    if ((expectedSignature ?? signature) !== signature) return undefined;
    const known = this.#digests.get(path);
    if (known?.signature === signature) {
      this.#digests.delete(path);
      this.#digests.set(path, known);
      return known.digest;
    }
    const canBeKept = isSettled(stat, Date.now()) && !this.#options.isExcluded(path);
    const digest = digestOfFile(path, stat.size);
    if (digest === undefined || !canBeKept) this.forget(path);
    else this.#remember(path, digest, signature);
    return digest;
  }

  /** Forgets a file, as when it is reported to have changed. */
  forget(path: string): void {
    if (this.#digests.delete(path)) this.#options.watch.remove(path);
  }

  #remember(path: string, digest: Digest, signature: string): void {
    if (!this.#digests.has(path)) this.#options.watch.add(path);
    this.#digests.set(path, { digest, signature });
    const [oldest] = this.#digests.keys();
    if (this.#digests.size > (this.#options.mostFiles ?? MOST_FILES) && oldest !== undefined) {
      this.forget(oldest);
    }
  }
}
