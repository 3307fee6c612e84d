import type { TreeRoots } from '../../cache/base-directory.ts';
import { isInside, pathRules } from '../../util/paths.ts';

/** The innermost base folder that an absolute path lies in, in whatever way it is spelled; undefined for other paths. */
export function treeOf({ style, baseDirectories }: TreeRoots, spelled: string): string | undefined {
  const rules = pathRules(style);
  if (!rules.isAbsolute(spelled)) return undefined;
  const plain = rules.resolve(baseDirectories[0] ?? rules.sep, spelled);
  return baseDirectories
    .filter((base) => isInside(style, base, spelled) || isInside(style, base, plain))
    .sort((a, b) => b.length - a.length)[0];
}

/** True if the way from `folder` by `name` leads out of the tree that `folder` lies in, even if it comes back. */
export function leavesTree(roots: TreeRoots, folder: string, name: string): boolean {
  const rules = pathRules(roots.style);
  let place = folder;
  if (treeOf(roots, place) === undefined) return false;
  for (const step of name.split(/[\\/]+/)) {
    place = rules.resolve(place, step);
    if (treeOf(roots, place) === undefined) return true;
  }
  return false;
}
