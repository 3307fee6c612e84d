import { lstatSync, type Stats, statSync } from 'node:fs';
import type { Digest } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-digest.ts';
import { tracked } from '../runtime/file-tracking.ts';
import type { SourceScan } from '../source/scan.ts';
import { errorCode } from '../util/busy-retry.ts';
import { systemName } from '../util/byte-name.ts';
import { ordinaryFile, statIfThere } from '../util/file-stat.ts';
import { mayRead } from '../util/rights.ts';
import { type FolderNames, namesIn } from './folder-names.ts';
import type { FolderRecords, KnownFile } from './folder-records.ts';
import { encodeKeyRecord, type KeyRecord, readKeyRecord, type SearchedFolder } from './key-record.ts';
import { identityOf, settledSignatureOf, signatureOf } from './signature.ts';

/** What is known of a file in this call. */
interface Fact {
  /** Undefined if it is not a readable file. */
  readonly digest: Digest | undefined;
  /** Undefined if it must not be remembered. */
  readonly signature: string | undefined;
  /** True if the record of the key did not have it. */
  readonly isNew?: boolean;
}

/** Searches, and the signature of a folder. Undefined if it changed too recently to be trusted. */
interface Searched {
  readonly id: Digest;
  readonly signature: string | undefined;
}

/** What the record of a key is made from: absolute paths. */
export interface KeyFacts {
  readonly files: Iterable<string>;
  readonly absent: Iterable<string>;
  readonly searched?: { readonly id: Digest; readonly folders: Iterable<string> } | undefined;
}

/**
 * What is known of files: digests, the findings in headers, and what is absent. Each file is examined once in a call,
 * however many manifests name it. What earlier calls learnt is in two places. The record of a manifest key is small and
 * read in every call: with it a file costs one `stat`, and all names that are absent from one folder cost one `stat`
 * together. The records of folders are common to all keys, and are read for files that the record of the key does not
 * know: after a checkout with new times, each file is read once for all sources that need it.
 */
export class FileMemory {
  readonly #folders: FolderRecords;
  readonly #facts = new Map<string, Fact>();
  readonly #existence = new Map<string, boolean>();
  readonly #stats = new Map<string, Stats | undefined>();
  readonly #folderSignatures = new Map<string, string | undefined>();
  readonly #names = new Map<string, FolderNames>();
  readonly #searched = new Map<string, SearchedFolder>();
  #hasNews = false;
  #keyRecord: KeyRecord = { files: new Map(), folders: new Map(), searched: new Map() };

  constructor(folders: FolderRecords) {
    this.#folders = folders;
  }

  /** True if `digest` knows this path without touching the disk. */
  knows(path: string): boolean {
    return this.#facts.has(path);
  }

  /** The digest of the contents of an absolute path. Undefined if it is not a readable file. */
  digest(path: string): Digest | undefined {
    const known = this.#facts.get(path);
    if (known) return known.digest;
    const stat = ordinaryFile(path);
    // Of headers with the same contents the identity is asked for as well.
    this.#stats.set(path, stat);
    const remembered = stat && this.#remembered(path, stat);
    if (remembered !== undefined) return remembered;
    const digest = stat && tracked(() => digestOfFile(path, stat.size));
    if (stat && digest !== undefined) this.learn(path, stat, { digest });
    else this.#facts.set(path, { digest, signature: undefined, isNew: true });
    return digest;
  }

  /** The same for a source, which is read in each call: one file is read faster than the records of folders. */
  digestOfSource(path: string): Digest | undefined {
    const known = this.#facts.get(path);
    if (known) return known.digest;
    const stat = ordinaryFile(path);
    const digest = stat && tracked(() => digestOfFile(path, stat.size));
    const signature = stat && settledSignatureOf(stat);
    this.#facts.set(path, { digest, signature, isNew: true });
    this.#hasNews ||= signature !== undefined;
    return digest;
  }

  /** What is known of a header that has this status, if it was scanned before. */
  header(path: string, stat: Stats): Required<KnownFile> | undefined {
    const { digest, scan } = this.#folders.find(path, stat) ?? {};
    if (digest === undefined || scan === undefined) return undefined;
    this.#addFact(path, settledSignatureOf(stat), digest);
    return { digest, scan };
  }

  /** The findings in a header, if it was scanned when it had this content. */
  scanOf(path: string, digest: Digest): SourceScan | undefined {
    return this.#folders.scanOf(path, digest);
  }

  /** Those of these absolute paths that are files which `digest` would have to read, with their current state. */
  unread(paths: Iterable<string>): Map<string, Stats> {
    const unread = new Map<string, Stats>();
    for (const path of paths) {
      const stat = this.#facts.has(path) ? undefined : ordinaryFile(path);
      // A file that this user may not read must be noticed: the server may be allowed to.
      if (stat && mayRead(path, stat) && this.#remembered(path, stat) === undefined) unread.set(path, stat);
    }
    return unread;
  }

  /** True if there is something at the absolute path, or if the system does not say that there is nothing. */
  exists(path: string): boolean {
    let exists = this.#existence.get(path);
    if (exists === undefined) {
      const isRememberedAbsent = this.#isRememberedAbsent(path);
      exists = !isRememberedAbsent && statOrFailure(path) !== undefined;
      this.#hasNews ||= !exists && !isRememberedAbsent;
      this.#existence.set(path, exists);
    }
    return exists;
  }

  /** True if no search for a file finds the absolute path: nothing is there, or a folder. */
  isFree(path: string): boolean {
    const stat = statOrFailure(path);
    return stat === undefined || (stat !== 'failure' && stat.isDirectory());
  }

  /** The names in a folder, read once in a call. */
  names(folder: string): FolderNames {
    if (!this.#names.has(folder)) this.#names.set(folder, namesIn(folder));
    return this.#names.get(folder);
  }

  /** Whether these searches are known to find nothing in a folder that has this signature. */
  isSearched(folder: string, { id, signature }: Searched): boolean {
    if (signature === undefined) return false;
    const isSame = (known: SearchedFolder | undefined) => known?.id === id && known.signature === signature;
    const known = this.#keyRecord.searched.get(folder);
    if (known && isSame(known)) this.#searched.set(folder, known);
    return isSame(this.#searched.get(folder));
  }

  /** Remembers that these searches find nothing in a folder. Its signature is from before it was looked into. */
  noteSearched(folder: string, { id, signature }: Searched): void {
    if (signature === undefined) return;
    this.#searched.set(folder, { id, signature });
    this.#hasNews = true;
  }

  /** Remembers a file that had this content when it had this status. */
  learn(path: string, stat: Stats, file: KnownFile): void {
    this.#addFact(path, this.#folders.learn(path, stat, file), file.digest);
  }

  /** Forgets a file that the compiler may have written meanwhile. */
  forget(path: string): void {
    this.#facts.delete(path);
    this.#existence.delete(path);
    this.#stats.delete(path);
    const { folder } = splitPath(path);
    this.#names.delete(folder);
    this.#stats.delete(folder);
    this.#folderSignatures.delete(folder);
  }

  /** Loads the record of a manifest key from this file. */
  recall(recordFile: string): void {
    this.#keyRecord = readKeyRecord(recordFile);
    this.#hasNews = false;
  }

  /** True if something was learnt since `recall` that the record of the key lacks. Else `worthKeeping` returns undefined. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** The text of a key's record with these facts. Undefined if there is nothing new. */
  worthKeeping({ files: paths, absent: absentPaths, searched: watched }: KeyFacts): string | undefined {
    let isNew = false;
    const files = new Map<string, { signature: string; digest: Digest }>();
    for (const path of paths) {
      const { digest, signature, isNew: isNewFile = false } = this.#facts.get(path) ?? {};
      if (digest === undefined || signature === undefined) continue;
      files.set(path, { signature, digest });
      isNew ||= isNewFile;
    }
    const folders = new Map<string, { signature: string; absentNames: Set<string> }>();
    for (const path of absentPaths) {
      const { folder, name } = splitPath(path);
      const signature = this.folderSignature(folder);
      if (signature === undefined || !isNameFree(path)) continue;
      const known = folders.get(folder) ?? { signature, absentNames: new Set<string>() };
      folders.set(folder, known);
      known.absentNames.add(name);
      const remembered = this.#keyRecord.folders.get(folder);
      isNew ||= remembered?.signature !== signature || !remembered.absentNames.has(name);
    }
    const searched = new Map<string, SearchedFolder>();
    for (const folder of watched?.folders ?? []) {
      const known = this.#searched.get(folder);
      if (!known || known.id !== watched?.id) continue;
      searched.set(folder, known);
      isNew ||= this.#keyRecord.searched.get(folder)?.signature !== known.signature;
      isNew ||= this.#keyRecord.searched.get(folder)?.id !== known.id;
    }
    return isNew ? encodeKeyRecord({ files, folders, searched }) : undefined;
  }

  /** Stores what was learnt in the records of folders. Throws what writing throws. */
  async save(): Promise<void> {
    await this.#folders.save();
  }

  #addFact(path: string, signature: string | undefined, digest: Digest): void {
    this.#facts.set(path, { digest, signature, isNew: true });
    this.#hasNews ||= signature !== undefined;
  }

  #remembered(path: string, stat: Stats): Digest | undefined {
    // Another user, who may read it, may have shared what was learnt.
    if (!mayRead(path, stat)) return undefined;
    const inKeyRecord = this.#keyRecord.files.get(path);
    if (inKeyRecord?.signature === signatureOf(stat)) {
      this.#facts.set(path, inKeyRecord);
      return inKeyRecord.digest;
    }
    const known = this.#folders.find(path, stat);
    if (known) this.#addFact(path, settledSignatureOf(stat), known.digest);
    return known?.digest;
  }

  /** The current signature of a folder, read once in a call. Undefined if it is missing or changed too recently. */
  folderSignature(folder: string): string | undefined {
    if (this.#folderSignatures.has(folder)) return this.#folderSignatures.get(folder);
    const stat = this.#stat(folder);
    const signature = stat && settledSignatureOf(stat);
    this.#folderSignatures.set(folder, signature);
    return signature;
  }

  /** What identifies a folder or file in this call, however a path leads to it. Undefined if it is missing. */
  identity(path: string): string | undefined {
    const stat = this.#stat(path);
    return stat && identityOf(stat);
  }

  #stat(path: string): Stats | undefined {
    if (!this.#stats.has(path)) this.#stats.set(path, statIfThere(path));
    return this.#stats.get(path);
  }

  #isRememberedAbsent(path: string): boolean {
    const { folder, name } = splitPath(path);
    const remembered = this.#keyRecord.folders.get(folder);
    return (
      remembered?.absentNames.has(name) === true && this.folderSignature(folder) === remembered.signature
    );
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

/** What says that there is nothing. A compiler that meets another failure (a link to itself, no permission) gives up. */
const NOTHING: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

function statOrFailure(path: string): Stats | 'failure' | undefined {
  try {
    return statSync(systemName(path), { throwIfNoEntry: false });
  } catch (error) {
    return NOTHING.has(errorCode(error)) ? undefined : 'failure';
  }
}

function splitPath(path: string): { folder: string; name: string } {
  const end = Math.max(path.lastIndexOf('/'), IS_WINDOWS ? path.lastIndexOf('\\') : -1);
  return { folder: path.slice(0, end) || '/', name: path.slice(end + 1) };
}
