import { absoluteFile, foldCase, hasTrailingSeparator, pathBelow, pathRules } from '../util/paths.ts';

/**
 * Paths inside a base directory are kept as `?0/rest` (the number says which base directory), so that two trees that
 * lie in different folders have equal keys and manifests. `?` cannot begin a path on Windows and does not on POSIX
 * where we make all paths absolute first.
 */
export interface TreeRoots {
  readonly style: 'win32' | 'posix';
  readonly workingDirectory: string;
  /** Absolute, without a trailing separator. Their numbers mean the same in every tree that shares; the innermost wins. */
  readonly baseDirectories: readonly string[];
}

/** An absolute path, in the form that manifests and keys hold it. */
export function toPortablePath(roots: TreeRoots, absolute: string): string {
  let best: { index: number; below: string; length: number } | undefined;
  for (const [index, base] of roots.baseDirectories.entries()) {
    const below = pathBelow(roots.style, base, absolute);
    if (below !== undefined && base.length > (best?.length ?? 0))
      best = { index, below, length: base.length };
  }
  if (!best) return foldCase(roots.style, absolute);
  return best.below === '' ? `?${best.index}` : `?${best.index}/${foldCase(roots.style, best.below)}`;
}

/** The absolute path of the tree at hand; undefined when the manifest speaks of a base directory that is not set. */
export function fromPortablePath(roots: TreeRoots, portable: string): string | undefined {
  if (!portable.startsWith('?')) return portable;
  const slash = portable.indexOf('/');
  const index = Number(slash < 0 ? portable.slice(1) : portable.slice(1, slash));
  const base = roots.baseDirectories[index];
  if (base === undefined) return undefined;
  if (slash < 0) return base;
  const separator = hasTrailingSeparator(roots.style, base) ? '' : pathRules(roots.style).sep;
  return `${base}${separator}${portable.slice(slash + 1)}`;
}

/** A path as spelled on a command line, in the form that a key holds: the spelling counts, the base directory does not. */
export function toPortableSpelling(roots: TreeRoots, spelled: string): string {
  const absolute = absoluteFile(roots.style, roots.workingDirectory, spelled);
  const portable = toPortablePath(roots, absolute);
  const isAbsolute = roots.style === 'win32' ? /^(?:[a-z]:)?[\\/]/i.test(spelled) : spelled.startsWith('/');
  // `/tree//a.c` is the file `/tree/a.c`, but `__FILE__` repeats how it was spelled.
  const spelling = isAbsolute ? toPortablePath(roots, spelled) : foldCase(roots.style, spelled);
  return spelling === portable ? portable : `${spelling}=${portable}`;
}
