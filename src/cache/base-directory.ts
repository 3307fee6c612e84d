import {
  absoluteFile,
  foldCase,
  hasTrailingSeparator,
  isVerbatim,
  pathBelow,
  pathRules,
} from '../util/paths.ts';

/**
 * A path inside a base directory is stored as `?0/rest`, where the number names the base directory. So two trees in
 * different folders have equal keys and manifests. No absolute path begins with `?`, neither on Windows nor on POSIX.
 */
export interface TreeRoots {
  readonly style: 'win32' | 'posix';
  readonly workingDirectory: string;
  /**
   * Absolute, without a trailing separator. A number means the same in every tree that shares. The innermost folder
   * wins.
   */
  readonly baseDirectories: readonly string[];
}

/**
 * An absolute path in the form that manifests and keys hold. On Windows it is the same for capitals and small letters.
 */
export function toPortablePath(roots: TreeRoots, absolute: string): string {
  return fromBaseDirectory(roots, absolute, (path) => foldCase(roots.style, path));
}

function fromBaseDirectory(roots: TreeRoots, path: string, write: (path: string) => string): string {
  const found = findBaseDirectory(roots, path);
  if (!found) return write(path);
  // With a trailing separator the folder is a different text for options that map texts (`-ffile-prefix-map=/tree/=.`).
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

/** The absolute path in the current tree. Undefined if the path names a base directory that is not set. */
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
 * A path of the command line in the form that a key holds. Its capitals and slashes count as they are spelled. Those of
 * the base directory do not count (but see {@link baseSpellings}).
 */
export function toPortableSpelling(roots: TreeRoots, spelled: string): string {
  const absolute = absoluteFile(roots.style, roots.workingDirectory, spelled);
  const portable = toPortablePath(roots, absolute);
  const isAbsolute = roots.style === 'win32' ? /^(?:[a-z]:)?[\\/]/i.test(spelled) : spelled.startsWith('/');
  // `/tree//a.c` is the file `/tree/a.c`, but `__FILE__` repeats the spelling.
  const spelling = isAbsolute ? fromBaseDirectory(roots, spelled, (path) => path) : spelled;
  const key = spelling === portable ? portable : `${spelling}=${portable}`;
  // In a verbatim folder (`\\?\`) `#include "../x.h"` and `"sub/x.h"` mean other files than in the same folder without
  // it.
  return isVerbatim(roots.style, absolute) ? `${spelled.includes('/') ? spelled : 'verbatim'}=${key}` : key;
}

/**
 * The base directories as `paths` spell them, if that differs from the list. An object that holds such a path differs,
 * although it is from the same tree.
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
