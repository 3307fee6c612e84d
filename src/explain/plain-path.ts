/** A path of a key, as its user spelled it. */
export interface PlainPath {
  /** As the key has it: `spelling=absolute`, or the absolute path alone. `?0/` is a base directory. */
  readonly key: string;
  readonly spelled: string;
  /** The absolute path, which a base directory may begin (`?0/`). */
  readonly absolute: string;
}

/** Reads a path in the form of keys (`toPortableSpelling`). */
export function plainPath(key: string): PlainPath {
  // Before a verbatim path there is one more word, which says nothing here.
  const bare = key.startsWith('verbatim=') ? key.slice('verbatim='.length) : key;
  const end = endOfSpelling(bare);
  const spelled = (end < 0 ? bare : bare.slice(0, end)).replace(/^\?\d+[\\/]?(?=.)/, '');
  return { key, spelled, absolute: bare.slice(end + 1) };
}

/** Where the absolute path begins behind a spelling: at the first `=` before a base directory, a root or a drive. */
function endOfSpelling(key: string): number {
  return key.search(/=(?:\?\d|[\\/]|[a-z]:)/i);
}
