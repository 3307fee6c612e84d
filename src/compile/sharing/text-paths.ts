import { foldCase, pathRules } from '../../util/paths.ts';
import type { SharedText, SharingFacts } from './facts.ts';
import { leavesTree, treeOf } from './tree-path.ts';

/**
 * A header of the tree that the text of a source names by the tree's own name: in a copy of the tree the same text means
 * the same file, not the copy's, while all other paths below the base folder are those of the tree at hand. Told by the
 * names of all include lines, inactive ones too; undefined if there is none.
 */
export function pathSpelledByText(facts: SharingFacts): string | undefined {
  if (facts.roots.baseDirectories.length === 0) return undefined;
  for (const text of facts.texts) {
    const name = text.includes.find((include) => namesTree(facts, text, include.name))?.name;
    if (name !== undefined) return `${text.path} names ${name}`;
  }
  return strayInclusion(facts);
}

function namesTree(facts: SharingFacts, text: SharedText, name: string): boolean {
  const { roots, searchFolders } = facts;
  const rules = pathRules(roots.style);
  if (rules.isAbsolute(name)) return treeOf(roots, name) !== undefined;
  for (const folder of [rules.dirname(text.path), ...searchFolders]) {
    const isOutside = treeOf(roots, folder) === undefined;
    // By way of a folder above the tree, or beside it.
    if (isOutside && treeOf(roots, rules.join(folder, name)) !== undefined) return true;
    // Windows undoes `..` before it looks: what comes after it would be taken for a path that is no tree's.
    if (roots.style === 'win32' && !isOutside && name.includes('..') && leavesTree(roots, folder, name))
      return true;
  }
  return false;
}

/** A header with an absolute path in the tree, included by a macro: nobody knows whether the macro holds the whole path. */
function strayInclusion(facts: SharingFacts): string | undefined {
  const { roots, texts, inclusions, forcedIncludes } = facts;
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const rules = pathRules(roots.style);
  const chain: string[] = [texts[0]?.path ?? ''];
  for (const { path, depth } of inclusions) {
    chain.length = Math.min(chain.length, Math.max(1, depth));
    const parent = byPath.get(chain.at(-1) ?? '');
    const isMeant =
      !parent?.computesInclude ||
      treeOf(roots, path) === undefined ||
      forcedIncludes.includes(path) ||
      isNamed(facts, parent, chain, path);
    if (!isMeant) return `${parent?.path} includes ${path} by a macro`;
    chain.push(rules.resolve(roots.workingDirectory, path));
  }
  return undefined;
}

function isNamed(facts: SharingFacts, parent: SharedText, chain: readonly string[], path: string): boolean {
  const { roots, searchFolders } = facts;
  const rules = pathRules(roots.style);
  const identity = (file: string) => foldCase(roots.style, rules.normalize(file));
  const wanted = identity(path);
  const folders = [...chain.map((file) => rules.dirname(file)), ...searchFolders];
  return parent.includes.some(({ name }) =>
    folders.some((folder) => identity(rules.join(folder, name)) === wanted),
  );
}
