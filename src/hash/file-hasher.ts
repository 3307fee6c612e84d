import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { retryWhileBusy } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import { statIfThere } from '../util/file-stat.ts';
import { type Digest, digestOfBytes, incrementalDigest } from './digest.ts';
import { openForReading } from './file-chunks.ts';
import { encodeHashMemory, type HashMemory, isSettled, readHashMemory, signatureOf } from './hash-memory.ts';

/** Files above this are hashed piece by piece, so that a huge one costs no memory. */
const WHOLE_FILE_LIMIT = 8 * 1024 * 1024;

/**
 * The contents of files as digests, each file looked at once per call however many manifests name it. What an earlier
 * call learnt can be recalled: then a file costs one `stat`, and all names absent from one folder cost one together.
 */
export class FileHasher {
  /** By path; the signature only where it may be remembered, and `isNew` if no memory held it. */
  readonly #files = new Map<
    string,
    { digest: Digest | undefined; signature: string | undefined; isNew?: boolean }
  >();
  readonly #existence = new Map<string, boolean>();
  readonly #folderSignatures = new Map<string, string | undefined>();
  #hasNews = false;
  #memory: HashMemory = { files: new Map(), folders: new Map() };

  /** True when `digest` of this path needs no look at the disk. */
  knows(path: string): boolean {
    return this.#files.has(path);
  }

  /** The digest of an absolute path's contents; undefined when it is no readable file. */
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

  /** Those of these absolute paths that are files which `digest` would have to read, with their state now. */
  unread(paths: Iterable<string>): Map<string, Stats> {
    const unread = new Map<string, Stats>();
    for (const path of paths) {
      const stat = this.#files.has(path) ? undefined : statOfFile(path);
      if (stat && this.#remembered(path, stat) === undefined) unread.set(path, stat);
    }
    return unread;
  }

  /** True if anything has this absolute path. */
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

  /** Tells what was read elsewhere, so that it is not read again. */
  learn(path: string, digest: Digest, stat: Stats): void {
    const signature = isSettled(stat, Date.now()) ? signatureOf(stat) : undefined;
    this.#files.set(path, { digest, signature, isNew: true });
    this.#hasNews ||= signature !== undefined;
  }

  /** Forgets a file that the compiler may have written since. */
  forget(path: string): void {
    this.#files.delete(path);
    this.#existence.delete(path);
  }

  /** Uses what an earlier call learnt and kept in this file. */
  recall(memoryFile: string): void {
    this.#memory = readHashMemory(memoryFile);
    this.#hasNews = false;
  }

  /** True if since `recall` something was read that the next call could be spared: else `worthKeeping` is in vain. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /**
   * The text to keep for the next call about these files and absent paths; undefined when it would say nothing new.
   */
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

  /** The signature of a folder as it is now, looked at once per call; undefined when it is missing or too young. */
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
 * Whether a folder truly lacks a name now, after its signature was taken. A link that leads nowhere yet counts as
 * absent, but the folder will not change when its target appears; and a file may have appeared since the lookup.
 */
function isNameFree(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** A manifest from elsewhere may name a device, which would never end. */
function statOfFile(path: string): Stats | undefined {
  const stat = statIfThere(path);
  return stat?.isFile() ? stat : undefined;
}

function splitPath(path: string): { folder: string; name: string } {
  const end = Math.max(path.lastIndexOf('/'), IS_WINDOWS ? path.lastIndexOf('\\') : -1);
  return { folder: path.slice(0, end) || '/', name: path.slice(end + 1) };
}

/** The digest of a file of about this size; undefined when it cannot be read. */
export function digestOfFile(path: string, size: number): Digest | undefined {
  try {
    return size <= WHOLE_FILE_LIMIT
      ? digestOfBytes(retryWhileBusy(() => readFileSync(systemName(path))))
      : digestOfLargeFile(path);
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
