import { isSettled, signatureOf } from '../files/signature.ts';
import type { Digest } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-digest.ts';
import { statIfThere } from '../util/file-stat.ts';
import type { Watch } from './watch.ts';

/** About 30 MB of memory. At this limit the least recently requested file is evicted. */
const MOST_FILES = 100_000;

export interface HashCacheOptions {
  /** True for a file that is neither remembered nor watched. */
  readonly isExcluded: (path: string) => boolean;
  readonly watch: Watch;
  readonly mostFiles?: number;
}

/**
 * Digests of files in memory. Each is compared with the state of its file before it is given out, because a report of a
 * change may come late. A file is remembered only if it had not changed for two seconds when it was read.
 */
export class HashCache {
  /** The least recently requested file comes first. */
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
   * The digest of the current contents of an absolute path. Undefined if it is not a readable file, or if it does not
   * have the expected signature.
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

  /** Forgets a file, for example after a report that it changed. */
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
