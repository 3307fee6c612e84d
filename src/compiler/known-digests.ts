import { type Digest, digestOfParts } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import { isSettled, signatureOf } from '../hash/hash-memory.ts';
import { statIfThere } from '../util/file-stat.ts';
import { isJsonObject } from '../util/json.ts';
import type { Answers } from './remembered-answer.ts';

const NAME = digestOfParts(['tools']);
/** A machine has a few versions of Visual Studio, for a few processors each. */
const MAXIMUM_FILES = 200;

type Known = Readonly<Record<string, readonly [signature: string, digest: string]>>;

/**
 * The contents of a few files that nearly every call asks for, as digests: each is read once, and then looked at. Kept as
 * JSON, `{"<path>": ["<signature>", "<digest>"], …}`, written without a lock: a lost update costs a hash.
 */
export class KnownDigests {
  readonly #answers: Answers;
  #known: Known | undefined;
  #hasNews = false;

  /** Those that are kept are read when a digest is first wanted. */
  constructor(answers: Answers) {
    this.#answers = answers;
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
      this.#learn({ ...known, [path]: [signature, digest] });
    return digest;
  }

  /** Keeps for later calls what was learnt since. */
  async keep(): Promise<void> {
    if (this.#hasNews) await this.#answers.keep(NAME, this.#known);
    this.#hasNews = false;
  }

  #read(): Known {
    if (this.#known) return this.#known;
    const json = this.#answers.read(NAME);
    this.#known = isJsonObject(json) ? (json as Known) : {};
    return this.#known;
  }

  #learn(known: Known): void {
    this.#known = Object.fromEntries(Object.entries(known).slice(-MAXIMUM_FILES));
    this.#hasNews = true;
  }
}
