import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { CompilerFamily } from '../commandline/family.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import type { SourceScan } from '../source/scan.ts';
import { FORMATS } from '../util/formats.ts';
import { isParsable } from '../util/json.ts';
import { decodeFolderRecord, encodeFolderRecord, encodeRow, type RecordedFile } from './folder-record.ts';
import { isSettled, signatureOf } from './signature.ts';

/** What is known of a file: its digest and, if it was scanned as a header, the findings in its text. */
export interface KnownFile {
  readonly digest: Digest;
  readonly scan?: SourceScan;
}

/** Texts that calls keep for each other, by names that are digests. */
export interface KeptTexts {
  /** Undefined if there is none, or if it is larger than `maximumSize` bytes. */
  read(name: string, maximumSize: number): string | undefined;
  /** Throws a `LockTimeoutError` and system errors. */
  keepAll(texts: ReadonlyMap<string, string>): Promise<void>;
}

/** The findings of older programs do not count. */
const SCANNER = String(FORMATS.scan);
/** A folder with more files has mostly generated ones. The newest are kept. */
const MAXIMUM_FILES = 2000;
/** The largest record, in bytes. */
const MAXIMUM_SIZE = 16 * 1024 * 1024;

interface Folder {
  readonly files: Map<string, RecordedFile>;
  /** The rows of files that this call has learnt, made while the compiler runs: the record is written when it has ended. */
  readonly rows: Map<string, string>;
  /** The names of files that must not be recorded yet. */
  readonly unsettled: Set<string>;
  hasNews: boolean;
}

interface PlaceOfFile {
  readonly path: string;
  readonly folder: Folder;
  readonly name: string;
}

/**
 * Files that were hashed or scanned before, in this call or an earlier one, by folder. Without this memory, each miss of
 * a build would read and scan the same hundred headers, which takes longer than everything else that clcache adds to a
 * compile. And each source would read them again after a checkout has given them new times. Records are written without
 * locks, because a lost update costs only a scan.
 */
export class FolderRecords {
  readonly #folders = new Map<string, Folder>();
  readonly #texts: KeptTexts | undefined;
  readonly #family: CompilerFamily;
  /** The file that was asked for last. */
  #last: PlaceOfFile | undefined;

  /**
   * Without `texts` files are remembered within this call only. `family` counts because compilers read headers
   * differently.
   */
  constructor(texts: KeptTexts | undefined, family: CompilerFamily) {
    this.#texts = texts;
    this.#family = family;
  }

  /** What is known of a file with this status. */
  find(path: string, stat: Stats): KnownFile | undefined {
    const known = this.#recorded(path);
    return known && known.signature === signatureOf(stat) ? known : undefined;
  }

  /** The findings in a file when it had this content, whatever its times were. */
  scanOf(path: string, digest: Digest): SourceScan | undefined {
    const known = this.#recorded(path);
    return known?.digest === digest ? known.scan : undefined;
  }

  /** Remembers a file that was read when it had this status. The findings in the same content are not forgotten. */
  learn(path: string, stat: Stats, { digest, scan = this.scanOf(path, digest) }: KnownFile): void {
    const { folder, name } = this.#placeOf(path);
    // The newest file is the last one.
    folder.files.delete(name);
    const file = { digest, ...(scan && { scan }), signature: signatureOf(stat) };
    folder.files.set(name, file);
    folder.rows.set(name, encodeRow(name, file));
    if (isSettled(stat, Date.now())) {
      folder.unsettled.delete(name);
      folder.hasNews = true;
    } else {
      folder.unsettled.add(name);
    }
  }

  /** Stores what was learnt for other calls. Throws what writing throws. */
  async save(): Promise<void> {
    if (!this.#texts) return;
    const texts = new Map<string, string>();
    for (const [path, folder] of this.#folders) {
      if (!folder.hasNews) continue;
      const settled = Array.from(folder.files).filter(([name]) => !folder.unsettled.has(name));
      const text = encodeFolderRecord(
        settled.slice(-MAXIMUM_FILES).map(([name, file]) => folder.rows.get(name) ?? encodeRow(name, file)),
      );
      if (Buffer.byteLength(text) > MAXIMUM_SIZE || !isParsable(text)) continue;
      texts.set(this.#nameOf(path), text);
      folder.hasNews = false;
    }
    if (texts.size > 0) await this.#texts.keepAll(texts);
  }

  #recorded(path: string): RecordedFile | undefined {
    const { folder, name } = this.#placeOf(path);
    return folder.files.get(name);
  }

  /** Where a file is recorded. A header is looked up, looked up by its content and learnt in one go. */
  #placeOf(path: string): PlaceOfFile {
    if (this.#last?.path !== path) {
      this.#last = { path, folder: this.#folder(dirname(path)), name: basename(path) };
    }
    return this.#last;
  }

  #folder(name: string): Folder {
    let folder = this.#folders.get(name);
    if (!folder) {
      const text = this.#texts?.read(this.#nameOf(name), MAXIMUM_SIZE);
      const files = text === undefined ? new Map() : decodeFolderRecord(text);
      folder = { files, rows: new Map(), unsettled: new Set(), hasNews: false };
      this.#folders.set(name, folder);
    }
    return folder;
  }

  #nameOf(folder: string): string {
    return digestOfParts(['headers', SCANNER, this.#family, folder]);
  }
}
