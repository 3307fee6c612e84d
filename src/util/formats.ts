/**
 * The numbers of all formats that are stored or sent. The grammar of each stands at its encoder. Raise a number when a
 * program with the old one would misread what the new one writes, or the reverse: a record with another number is a miss,
 * and is replaced. `src/README.md` lists them with the files that write them.
 *
 * There is no number in `config.txt` and in the protocol of the hash server, which are the Python clcache's; in counters,
 * where a name that is not known is left out; and in what is remembered of stores for a month.
 */
export const FORMATS = {
  /**
   * Raise it when the layout of the cache folder changes. It is in the folder's name and in the names of entries in shared
   * stores, so everything starts anew.
   */
  layout: 1,
  /**
   * Raise it when the parts of a key change, or what an entry must contain. Old entries are not found any more and are
   * evicted.
   */
  key: 9,
  /** Raise it when the JSON of a manifest changes. */
  manifest: 7,
  /** Raise it when the JSON of an artifact's index changes, or the digests in it are made in another way. */
  artifact: 2,
  /** Raise it when the record of a compiler gets other fields, or they are learnt in another way. */
  compilerRecord: 8,
  /** Raise it when the record of a script that starts a compiler changes. */
  wrapperRecord: 4,
  /** Raise it when the rows of known files change. */
  folderRecord: 5,
  /** Raise it when the scan finds something else in the same text. */
  scan: 8,
  /** Raise it when the lines of remembered hashes change. */
  keyRecord: 2,
  /** Raise it when the record of the calls of a source changes (clcache --why). */
  keptCalls: 1,
  /** Raise it when what leaves the machine changes its envelope. */
  envelope: 1,
  /** Raise it when the frame of an archive changes. */
  archive: 1,
} as const satisfies Record<string, number>;
