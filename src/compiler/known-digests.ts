import type { Digest } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import { isSettled, signatureOf } from '../hash/hash-memory.ts';
import { writeFileAtomicSync } from '../util/atomic-file.ts';
import { statIfThere } from '../util/file-stat.ts';
import { isJsonObject, readJsonFile, stableStringify } from '../util/json.ts';

/** Of the file, in bytes. */
const MAXIMUM_SIZE = 256 * 1024;
/** A machine has a few versions of Visual Studio, for a few processors each. */
const MAXIMUM_FILES = 200;

type Known = Readonly<Record<string, readonly [signature: string, digest: string]>>;

/**
 * The contents of a few files that nearly every call asks for, as digests: each is read once, and then looked at. Kept as
 * JSON, `{"<path>": ["<signature>", "<digest>"], …}`, written without a lock: a lost update costs a hash.
 */
export class KnownDigests {
  readonly #file: string;
  #known: Known | undefined;

  /** The cache folder's file for them. It is read when a digest is first wanted. */
  constructor(file: string) {
    this.#file = file;
  }

  /** The digest of an absolute path's contents; undefined when it is no file that can be read. */
  of(path: string): Digest | undefined {
    const stat = statIfThere(path);
    if (!stat?.isFile()) return undefined;
    const known = this.#read();
    const signature = signatureOf(stat);
    const remembered = Object.hasOwn(known, path) ? known[path] : undefined;
    if (Array.isArray(remembered) && remembered[0] === signature) return remembered[1] as Digest;
    const digest = digestOfFile(path, stat.size);
    if (digest !== undefined && isSettled(stat, Date.now()))
      this.#keep({ ...known, [path]: [signature, digest] });
    return digest;
  }

  #read(): Known {
    if (this.#known) return this.#known;
    let json: unknown;
    try {
      json = readJsonFile(this.#file, MAXIMUM_SIZE);
    } catch {
      // Broken: begun anew.
    }
    this.#known = isJsonObject(json) ? (json as Known) : {};
    return this.#known;
  }

  #keep(known: Known): void {
    this.#known = Object.fromEntries(Object.entries(known).slice(-MAXIMUM_FILES));
    try {
      writeFileAtomicSync(this.#file, stableStringify(this.#known));
    } catch {
      // A cache folder that cannot be written: the next call reads the file again.
    }
  }
}
