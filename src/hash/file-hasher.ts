import { readFileSync, statSync } from 'node:fs';
import { type Digest, digestOfBytes, incrementalDigest } from './digest.ts';
import { openForReading } from './file-chunks.ts';

/** Files above this are hashed piece by piece, so that a huge one costs no memory. */
const WHOLE_FILE_LIMIT = 8 * 1024 * 1024;

/**
 * The contents of files as digests, each file read once per call however many manifests name it.
 * Existence is remembered in the same way, also across the many names that are absent from one missing folder.
 */
export class FileHasher {
  readonly #digests = new Map<string, Digest | undefined>();
  readonly #existence = new Map<string, boolean>();

  /** The digest of an absolute path's contents; undefined when it is no readable file. */
  digest(path: string): Digest | undefined {
    if (this.#digests.has(path)) return this.#digests.get(path);
    const digest = digestOfFile(path);
    this.#digests.set(path, digest);
    return digest;
  }

  exists(path: string): boolean {
    let exists = this.#existence.get(path);
    if (exists === undefined) {
      exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
      this.#existence.set(path, exists);
    }
    return exists;
  }

  /** Tells what was learnt elsewhere, so that it is not read again. */
  remember(path: string, digest: Digest): void {
    this.#digests.set(path, digest);
  }

  /** Forgets a file that the compiler may have written since. */
  forget(path: string): void {
    this.#digests.delete(path);
    this.#existence.delete(path);
  }
}

function digestOfFile(path: string): Digest | undefined {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    return size <= WHOLE_FILE_LIMIT ? digestOfBytes(readFileSync(path)) : digestOfLargeFile(path);
  } catch {
    // A folder, a file without permission, one that vanished: for a key all the same as "not there".
    return undefined;
  }
}

function digestOfLargeFile(path: string): Digest {
  const hasher = incrementalDigest();
  const file = openForReading(path);
  try {
    for (let chunk = file.next(); chunk.length > 0; chunk = file.next()) hasher.update(chunk);
  } finally {
    file.close();
  }
  return hasher.finish();
}
