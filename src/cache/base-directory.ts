import {
  absoluteFile,
  foldCase,
  hasTrailingSeparator,
  isVerbatim,
  pathBelow,
  pathRules,
} from '../util/paths.ts';

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

/** An absolute path, in the form that manifests and keys hold it: the same for every spelling of its letters' case. */
export function toPortablePath(roots: TreeRoots, absolute: string): string {
  return fromBaseDirectory(roots, absolute, (path) => foldCase(roots.style, path));
}

function fromBaseDirectory(roots: TreeRoots, path: string, write: (path: string) => string): string {
  const found = findBaseDirectory(roots, path);
  if (!found) return write(path);
  // A folder with a separator behind it is another text to what maps texts (`-ffile-prefix-map=/tree/=.`).
  if (found.below === '')
    return hasTrailingSeparator(roots.style, path) ? `?${found.index}/` : `?${found.index}`;
  return `?${found.index}/${write(found.below)}`;
}

function findBaseDirectory(roots: TreeRoots, path: string) {
  let best: { index: number; base: string; below: string } | undefined;
  for (const [index, base] of roots.baseDirectories.entries()) {
    const below = pathBelow(roots.style, base, path);
    if (below !== undefined && base.length > (best?.base.length ?? 0)) best = { index, base, below };
  }
  return best;
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

/**
 * A path as spelled on a command line, in the form that a key holds: the spelling counts, with its capitals and slashes;
 * the base directory does not, in whatever capitals and slashes (but see {@link baseSpellings}).
 */
export function toPortableSpelling(roots: TreeRoots, spelled: string): string {
  const absolute = absoluteFile(roots.style, roots.workingDirectory, spelled);
  const portable = toPortablePath(roots, absolute);
  const isAbsolute = roots.style === 'win32' ? /^(?:[a-z]:)?[\\/]/i.test(spelled) : spelled.startsWith('/');
  // `/tree//a.c` is the file `/tree/a.c`, but `__FILE__` repeats how it was spelled.
  const spelling = isAbsolute ? fromBaseDirectory(roots, spelled, (path) => path) : spelled;
  const key = spelling === portable ? portable : `${spelling}=${portable}`;
  // Below a verbatim folder `#include "../x.h"` and `"sub/x.h"` mean other files than below the same folder elsewhere.
  return isVerbatim(roots.style, absolute) ? `${spelled.includes('/') ? spelled : 'verbatim'}=${key}` : key;
}

/**
 * Base directories as `paths` spell them, where that is not as the list does: an object that holds such a path is
 * another one, though it is of the same tree.
 */
export function baseSpellings(roots: TreeRoots, paths: readonly string[]): string[] {
  const separator = pathRules(roots.style).sep;
  const spellings = paths.flatMap((path) => {
    const found = findBaseDirectory(roots, path);
    if (!found) return [];
    const spelled = path.slice(0, path.length - found.below.length);
    return spelled === found.base || spelled === `${found.base}${separator}` ? [] : [spelled];
  });
  return [...new Set(spellings)].sort();
}
