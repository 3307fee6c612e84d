import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { CompilerFamily } from '../commandline/family.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import type { SourceScan } from '../source/scan.ts';
import { FORMATS } from '../util/formats.ts';
import { decodeRow, encodeRow, type RecordedFile, readRows, writeRows } from './folder-record.ts';
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
  /**
   * Changes several texts, each in one step of which no other call sees a half. A text that becomes undefined stays as
   * it is. Throws a `LockTimeoutError` and system errors.
   */
  changeAll(changes: ReadonlyMap<string, ChangeOfText>, maximumSize: number): Promise<void>;
}

/** Gets the text as it is now, if there is one. */
export type ChangeOfText = (text: string | undefined) => string | undefined;

/** The findings of older programs do not count. */
const SCANNER = String(FORMATS.scan);
/** More files than these in a record are mostly generated ones. The newest are kept. */
const MAXIMUM_FILES = 16_000;
/** How many records folders near each other share. With more of them, none becomes long, and a first miss makes more files. */
const RECORDS = 4;
/** The largest record, in bytes. */
const MAXIMUM_SIZE = 16 * 1024 * 1024;

/** What is known of the files in several folders that are near each other. */
interface Neighbourhood {
  /** The length of the path of the folder that they are all below. The names of files are what follows. */
  readonly pathLength: number;
  /** The rows that earlier calls wrote, by the names of files. */
  readonly rows: ReadonlyMap<string, string>;
  /** What was read from rows, and what this call has learnt. */
  readonly files: Map<string, RecordedFile | undefined>;
  /**
   * The rows of files that this call has learnt, made while the compiler runs: the record is written when it has ended.
   * Undefined for files that must not be recorded yet.
   */
  readonly news: Map<string, string | undefined>;
}

interface PlaceOfFile {
  readonly path: string;
  readonly neighbourhood: Neighbourhood;
  readonly name: string;
}

/**
 * Files that were hashed or scanned before, in this call or an earlier one. Without this memory, each miss of a build
 * would read and scan the same hundred headers, which takes longer than everything else that clcache adds to a compile.
 * And each source would read them again after a checkout has given them new times.
 *
 * Folders that are near each other share a few records: a large project has hundreds of folders with a few headers, and
 * making a file for each took a tenth of its first compile (0.2 ms a file on Linux, and more on Windows).
 */
export class FolderRecords {
  /** By the names of their records. */
  readonly #neighbourhoods = new Map<string, Neighbourhood>();
  readonly #ofFolders = new Map<string, Neighbourhood>();
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

  /**
   * Remembers a file that was read when it had this status. The findings in the same content are not forgotten. Returns
   * the signature of the file if it can be trusted later.
   */
  learn(
    path: string,
    stat: Stats,
    { digest, scan = this.scanOf(path, digest) }: KnownFile,
  ): string | undefined {
    const { neighbourhood, name } = this.#placeOf(path);
    const signature = signatureOf(stat);
    const file = { digest, ...(scan && { scan }), signature };
    neighbourhood.files.set(name, file);
    const isTrusted = isSettled(stat, Date.now());
    // The newest file is the last one.
    neighbourhood.news.delete(name);
    neighbourhood.news.set(name, isTrusted ? encodeRow(name, file) : undefined);
    return isTrusted ? signature : undefined;
  }

  /** Stores what was learnt for other calls. Throws what writing throws. */
  async save(): Promise<void> {
    if (!this.#texts) return;
    const changes = new Map<string, ChangeOfText>();
    for (const [name, { news }] of this.#neighbourhoods) {
      if (!Array.from(news.values()).some((row) => row !== undefined)) continue;
      const learnt = new Map(news);
      changes.set(name, (text) => withNews(text, learnt));
      news.clear();
    }
    if (changes.size > 0) await this.#texts.changeAll(changes, MAXIMUM_SIZE);
  }

  #recorded(path: string): RecordedFile | undefined {
    const { neighbourhood, name } = this.#placeOf(path);
    const { files, rows } = neighbourhood;
    if (!files.has(name)) files.set(name, decodeRow(rows.get(name)));
    return files.get(name);
  }

  /** Where a file is recorded. A header is looked up, looked up by its content and learnt in one go. */
  #placeOf(path: string): PlaceOfFile {
    if (this.#last?.path !== path) {
      const neighbourhood = this.#neighbourhoodOf(dirname(path));
      this.#last = { path, neighbourhood, name: path.slice(neighbourhood.pathLength) };
    }
    return this.#last;
  }

  #neighbourhoodOf(folder: string): Neighbourhood {
    let found = this.#ofFolders.get(folder);
    if (!found) {
      const above = dirname(dirname(folder));
      found = this.#neighbourhood(this.#nameOf(above, folder), above.length);
      this.#ofFolders.set(folder, found);
    }
    return found;
  }

  #neighbourhood(name: string, pathLength: number): Neighbourhood {
    let found = this.#neighbourhoods.get(name);
    if (!found) {
      const rows = readRows(this.#texts?.read(name, MAXIMUM_SIZE));
      found = { pathLength, rows, files: new Map(), news: new Map() };
      this.#neighbourhoods.set(name, found);
    }
    return found;
  }

  /**
   * The name of the record for a folder: one of those for the folders below the folder `above`. Their names begin alike,
   * so that they are counted together.
   */
  #nameOf(above: string, folder: string): string {
    const together = digestOfParts(['headers', SCANNER, this.#family, above]);
    const digit = Number.parseInt(digestOfParts([folder]).slice(-1), 16);
    return `${together.slice(0, -1)}${digit % RECORDS}`;
  }
}

/**
 * The text of a record with these rows. Another call may have written the record since this one has read it. Undefined
 * if it would be too large.
 */
function withNews(
  text: string | undefined,
  news: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const rows = new Map(readRows(text));
  for (const [name, row] of news) {
    rows.delete(name);
    if (row !== undefined) rows.set(name, row);
  }
  const written = writeRows(Array.from(rows.values()).slice(-MAXIMUM_FILES));
  return Buffer.byteLength(written) <= MAXIMUM_SIZE ? written : undefined;
}
