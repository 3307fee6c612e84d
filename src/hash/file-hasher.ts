import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import { type Digest, digestOfBytes, incrementalDigest } from './digest.ts';
import { openForReading } from './file-chunks.ts';
import { encodeHashMemory, type HashMemory, isSettled, readHashMemory, signatureOf } from './hash-memory.ts';

/** Larger files are hashed in pieces, so that a huge file takes little memory. */
const WHOLE_FILE_LIMIT = 8 * 1024 * 1024;

/**
 * The digests of files. Each file is examined once in a call, however many manifests name it. With what an earlier call
 * learnt, a file costs one `stat`, and all names that are absent from one folder cost one `stat` together.
 */
export class FileHasher {
  /** By path. The signature is set only if it may be remembered, and `isNew` if no memory had it. */
  readonly #files = new Map<
    string,
    { digest: Digest | undefined; signature: string | undefined; isNew?: boolean }
  >();
  readonly #existence = new Map<string, boolean>();
  readonly #folderSignatures = new Map<string, string | undefined>();
  #hasNews = false;
  #memory: HashMemory = { files: new Map(), folders: new Map() };

  /** True if `digest` knows this path without touching the disk. */
  knows(path: string): boolean {
    return this.#files.has(path);
  }

  /** The digest of the contents of an absolute path. Undefined if it is not a readable file. */
  digest(path: string): Digest | undefined {
    const known = this.#files.get(path);
    if (known) return known.digest;
    const stat = statOfFile(path);
    const remembered = stat && this.#remembered(path, stat);
    if (remembered) return remembered;
    const digest = stat && digestOfFile(path, stat.size);
    const signature = stat && isSettled(stat, Date.now()) ? signatureOf(stat) : undefined;
    this.#files.set(path, { digest, signature, isNew: true });
    this.#hasNews ||= signature !== undefined;
    return digest;
  }

  /** Those of these absolute paths that are files which `digest` would have to read, with their current state. */
  unread(paths: Iterable<string>): Map<string, Stats> {
    const unread = new Map<string, Stats>();
    for (const path of paths) {
      const stat = this.#files.has(path) ? undefined : statOfFile(path);
      if (stat && this.#remembered(path, stat) === undefined) unread.set(path, stat);
    }
    return unread;
  }

  /** True if the absolute path exists. */
  exists(path: string): boolean {
    let exists = this.#existence.get(path);
    if (exists === undefined) {
      const isRememberedAbsent = this.#isRememberedAbsent(path);
      exists = !isRememberedAbsent && statIfThere(path) !== undefined;
      this.#hasNews ||= !exists && !isRememberedAbsent;
      this.#existence.set(path, exists);
    }
    return exists;
  }

  /** Adds a digest that was computed elsewhere, so that the file is not read again. */
  learn(path: string, digest: Digest, stat: Stats): void {
    const signature = isSettled(stat, Date.now()) ? signatureOf(stat) : undefined;
    this.#files.set(path, { digest, signature, isNew: true });
    this.#hasNews ||= signature !== undefined;
  }

  /** Forgets a file that the compiler may have written meanwhile. */
  forget(path: string): void {
    this.#files.delete(path);
    this.#existence.delete(path);
  }

  /** Loads what an earlier call learnt and stored in this file. */
  recall(memoryFile: string): void {
    this.#memory = readHashMemory(memoryFile);
    this.#hasNews = false;
  }

  /** True if something was read since `recall` that the next call could skip. Else `worthKeeping` returns undefined. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** The text to store for the next call about these files and absent paths. Undefined if there is nothing new. */
  worthKeeping(paths: Iterable<string>, absentPaths: Iterable<string>): string | undefined {
    let isNew = false;
    const files = new Map<string, { signature: string; digest: Digest }>();
    for (const path of paths) {
      const { digest, signature, isNew: isNewFile = false } = this.#files.get(path) ?? {};
      if (digest === undefined || signature === undefined) continue;
      files.set(path, { signature, digest });
      isNew ||= isNewFile;
    }
    const folders = new Map<string, { signature: string; absentNames: Set<string> }>();
    for (const path of absentPaths) {
      const { folder, name } = splitPath(path);
      const signature = this.#folderSignature(folder);
      if (signature === undefined || !isNameFree(path)) continue;
      const known = folders.get(folder) ?? { signature, absentNames: new Set<string>() };
      folders.set(folder, known);
      known.absentNames.add(name);
      const remembered = this.#memory.folders.get(folder);
      isNew ||= remembered?.signature !== signature || !remembered.absentNames.has(name);
    }
    return isNew ? encodeHashMemory({ files, folders }) : undefined;
  }

  #remembered(path: string, stat: Stats): Digest | undefined {
    const remembered = this.#memory.files.get(path);
    if (remembered?.signature !== signatureOf(stat)) return undefined;
    this.#files.set(path, remembered);
    return remembered.digest;
  }

  #isRememberedAbsent(path: string): boolean {
    const { folder, name } = splitPath(path);
    const remembered = this.#memory.folders.get(folder);
    return (
      remembered?.absentNames.has(name) === true && this.#folderSignature(folder) === remembered.signature
    );
  }

  /** The current signature of a folder, read once in a call. Undefined if it is missing or changed too recently. */
  #folderSignature(folder: string): string | undefined {
    if (this.#folderSignatures.has(folder)) return this.#folderSignatures.get(folder);
    const stat = statIfThere(folder);
    const signature = stat && isSettled(stat, Date.now()) ? signatureOf(stat) : undefined;
    this.#folderSignatures.set(folder, signature);
    return signature;
  }
}

/** A backslash is part of a name on POSIX. */
const IS_WINDOWS = process.platform === 'win32';

/**
 * Whether a folder really lacks a name, after its signature was taken. A link that leads nowhere counts as absent, but
 * the folder does not change when the target appears. And a file may have appeared since the lookup.
 */
function isNameFree(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** A manifest from elsewhere may name a device, which may have no end. */
function statOfFile(path: string): Stats | undefined {
  const stat = statIfThere(path);
  return stat?.isFile() ? stat : undefined;
}

function splitPath(path: string): { folder: string; name: string } {
  const end = Math.max(path.lastIndexOf('/'), IS_WINDOWS ? path.lastIndexOf('\\') : -1);
  return { folder: path.slice(0, end) || '/', name: path.slice(end + 1) };
}

/** The digest of a file of about this size. Undefined if it cannot be read. */
export function digestOfFile(path: string, size: number): Digest | undefined {
  try {
    return size <= WHOLE_FILE_LIMIT
      ? digestOfBytes(retryWhileBusy(() => readFileSync(systemName(path))))
      : digestOfLargeFile(path);
  } catch {
    // A folder, a file without permission, or a file that vanished: for a key the same as a missing file.
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
