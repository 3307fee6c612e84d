import { type Digest, digestOfParts } from '../hash/digest.ts';
import { digestOfFile } from '../hash/file-hasher.ts';
import { isSettled, signatureOf } from '../hash/hash-memory.ts';
import { statIfThere } from '../util/file-stat.ts';
import { isJsonObject } from '../util/json.ts';
import type { Answers } from './remembered-answer.ts';

const NAME = digestOfParts(['tools']);
/** A machine has a few versions of Visual Studio, each for a few processors. */
const MAXIMUM_FILES = 200;

type Known = Readonly<Record<string, readonly [signature: string, digest: string]>>;

/**
 * The digests of a few files that nearly every call needs. Each is read once, and later only its status is compared.
 * Stored as JSON, `{"<path>": ["<signature>", "<digest>"], …}`, without a lock, because a lost update costs only a
 * hash.
 */
export class KnownDigests {
  readonly #answers: Answers;
  #known: Known | undefined;
  #hasNewDigests = false;

  /** The stored digests are read when the first digest is requested. */
  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** The digest of the contents of an absolute path. Undefined if it is not a readable file. */
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

  /** Stores new digests for later calls. */
  async keep(): Promise<void> {
    if (this.#hasNewDigests) await this.#answers.keep(NAME, this.#known);
    this.#hasNewDigests = false;
  }

  #read(): Known {
    if (this.#known) return this.#known;
    const json = this.#answers.read(NAME);
    this.#known = isJsonObject(json) ? (json as Known) : {};
    return this.#known;
  }

  #learn(known: Known): void {
    this.#known = Object.fromEntries(Object.entries(known).slice(-MAXIMUM_FILES));
    this.#hasNewDigests = true;
  }
}
