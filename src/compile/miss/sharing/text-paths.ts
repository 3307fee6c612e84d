import type { TreeRoots } from '../../../cache/base-directory.ts';
import { absoluteFile, foldCase, isInside, pathRules } from '../../../util/paths.ts';
import type { SharedText, SharingFacts } from './facts.ts';
import { leavesTree, treeOf } from './tree-path.ts';

/**
 * A header of the tree that the text of a source names by the tree's own path. In a copy of the tree the same text
 * still means the first tree's file, while all other paths below the base directory are those of the copy. All include
 * lines are examined, inactive ones too. Undefined if there is none.
 */
export function pathSpelledByText(facts: SharingFacts): string | undefined {
  const { roots, texts, searchFolders } = facts;
  if (roots.baseDirectories.length === 0) return undefined;
  const { dirname } = pathRules(roots.style);
  const known = new Map<string, FolderPlace>();
  const placeOf = (folder: string) => {
    const place = known.get(folder) ?? folderPlace(roots, folder);
    known.set(folder, place);
    return { folder, place };
  };
  const searched = [...new Set(searchFolders)].map(placeOf);
  for (const { path, includes } of texts) {
    const folders = [placeOf(dirname(path)), ...searched];
    const spelled = includes.find(({ name }) => namesTree(roots, folders, name));
    if (spelled) return `${path} names ${spelled.name}`;
  }
  return strayInclusion(facts);
}

/** The place of a folder relative to the base directories. */
type FolderPlace = 'inside' | 'above' | 'beside';

function folderPlace(roots: TreeRoots, folder: string): FolderPlace {
  if (treeOf(roots, folder) !== undefined) return 'inside';
  const plain = pathRules(roots.style).resolve(folder);
  return roots.baseDirectories.some((base) => isInside(roots.style, plain, base)) ? 'above' : 'beside';
}

/** An absolute path of Windows or POSIX. */
const ABSOLUTE = /^(?:[\\/]|[a-z]:)/i;

function namesTree(
  roots: TreeRoots,
  folders: readonly { readonly folder: string; readonly place: FolderPlace }[],
  name: string,
): boolean {
  const rules = pathRules(roots.style);
  const goesUp = name.includes('..');
  if (!goesUp && !ABSOLUTE.test(name)) {
    return folders.some(
      ({ folder, place }) => place === 'above' && treeOf(roots, rules.join(folder, name)) !== undefined,
    );
  }
  if (rules.isAbsolute(name)) return treeOf(roots, name) !== undefined;
  return folders.some(({ folder, place }) => {
    // Windows resolves `..` as text. The path behind it would be taken for one outside the tree.
    if (place === 'inside') return roots.style === 'win32' && leavesTree(roots, folder, name);
    return treeOf(roots, rules.join(folder, name)) !== undefined;
  });
}

/** A header with an absolute path in the tree that a macro includes. The macro may hold the whole path. */
function strayInclusion(facts: SharingFacts): string | undefined {
  const { roots, texts, inclusions, forcedIncludes } = facts;
  if (!texts.some(({ computesInclude }) => computesInclude)) return undefined;
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const chain: string[] = [texts[0]?.path ?? ''];
  for (const { path, depth } of inclusions) {
    chain.length = Math.min(chain.length, Math.max(1, depth));
    const parent = byPath.get(chain.at(-1) ?? '');
    const isMeant =
      !parent?.computesInclude ||
      treeOf(roots, path) === undefined ||
      forcedIncludes.includes(path) ||
      isNamed(path, facts, { includes: parent.includes, chain });
    if (!isMeant) return `${parent?.path} includes ${path} by a macro`;
    chain.push(absoluteFile(roots.style, roots.workingDirectory, path));
  }
  return undefined;
}

/** Whether an include line of the last text in a chain of them can mean `path`. */
function isNamed(
  path: string,
  { roots, searchFolders }: SharingFacts,
  { includes, chain }: Pick<SharedText, 'includes'> & { readonly chain: readonly string[] },
): boolean {
  const rules = pathRules(roots.style);
  const identity = (file: string) => foldCase(roots.style, rules.normalize(file));
  const wanted = identity(path);
  const folders = [...chain.map((file) => rules.dirname(file)), ...searchFolders];
  return includes.some(({ name }) => folders.some((folder) => identity(rules.join(folder, name)) === wanted));
}
