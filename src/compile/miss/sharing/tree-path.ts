import type { TreeRoots } from '../../../cache/base-directory.ts';
import { isInside, pathRules } from '../../../util/paths.ts';

/** The innermost base directory that contains an absolute path, in any spelling. Undefined for other paths. */
export function treeOf({ style, baseDirectories }: TreeRoots, spelled: string): string | undefined {
  const rules = pathRules(style);
  if (!rules.isAbsolute(spelled)) return undefined;
  // A miss calls this for every header, and most have a plain spelling.
  const plain =
    style === 'posix' && !DETOUR.test(spelled) ? spelled : rules.resolve(baseDirectories[0] ?? '', spelled);
  let innermost: string | undefined;
  for (const base of baseDirectories) {
    if (innermost !== undefined && base.length <= innermost.length) continue;
    if (isInside(style, base, plain) || (plain !== spelled && isInside(style, base, spelled)))
      innermost = base;
  }
  return innermost;
}
const DETOUR = /\/(?:\.{0,2}\/|\.{1,2}$)/;

/** True if the path from `folder` along `name` leaves the tree of `folder`, even if it comes back. */
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
