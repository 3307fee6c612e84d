import { foldCase, isSeparator, pathRules } from '../../util/paths.ts';
import { wordOf, workingFolder } from './channels.ts';
import type { MapKind, SharingFacts } from './facts.ts';
import { treeOf } from './tree-path.ts';

/**
 * Options that put other text in the place of a path, by what they work on ("Clang command line argument reference").
 * clang-cl knows the maps only behind `/clang:`, and those of the compiler proper behind `-Xclang`; without that it
 * warns and ignores them.
 */
const PREFIX_MAPS: readonly { readonly text: RegExp; readonly kinds: readonly MapKind[] }[] = [
  { text: /^[-/]clang:-ffile-prefix-map=$/, kinds: ['macro', 'debug', 'coverage'] },
  { text: /^(?:[-/]clang:|-Xclang )-fmacro-prefix-map=$/, kinds: ['macro'] },
  { text: /^(?:[-/]clang:|-Xclang )-fdebug-prefix-map=$/, kinds: ['debug'] },
  { text: /^(?:[-/]clang:|-Xclang )-fcoverage-prefix-map=$/, kinds: ['coverage'] },
];

const COMPILATION_FOLDERS: readonly { readonly word: RegExp; readonly kinds: readonly MapKind[] }[] = [
  { word: /^ffile-compilation-dir=$/, kinds: ['debug', 'coverage'] },
  { word: /^fdebug-compilation-dir=?$/, kinds: ['debug'] },
  { word: /^fcoverage-compilation-dir=$/, kinds: ['coverage'] },
];

/** The oldest version whose objects were compared; an older one may ignore such an option. */
const FIRST_TRIED = 14;

/**
 * True if everything of one kind that begins with this path of the tree comes out with a constant in its place. A map
 * does so only when it maps the base folder itself, as it is spelled here, and no other one touches the tree: of a map
 * of a folder above, a part of the tree's own name stays; of one below, the order of maps decides.
 */
export function isMapped(facts: SharingFacts, kind: MapKind, path: string): boolean {
  if ((facts.clangVersion ?? 0) < FIRST_TRIED) return false;
  const base = treeOf(facts.roots, path);
  if (base === undefined) return false;
  const froms = mapsOf(facts, kind).filter((from) => touches(facts, from, base));
  const isBase = (from: string) => from === base || from === `${base}${pathRules(facts.roots.style).sep}`;
  if (!froms.every(isBase)) return false;
  return froms.some((from) => path === from || (path.startsWith(from) && endsFolder(facts, from, path)));
}

/** True if no output of this kind can tell in which folder the compiler was started. */
export function isWorkingFolderConstant(facts: SharingFacts, kind: MapKind): boolean {
  if ((facts.clangVersion ?? 0) < FIRST_TRIED) return false;
  const given = facts.options.flatMap(({ text, path }) => {
    const row = COMPILATION_FOLDERS.find(({ word }) => word.test(wordOf(text)));
    return row?.kinds.includes(kind) && path !== undefined ? [path] : [];
  });
  const folders = given.length > 0 ? given : [workingFolder(facts)];
  const isConstant = (folder: string) => given.length > 0 && treeOf(facts.roots, folder) === undefined;
  return folders.every((folder) => isConstant(folder) || isMapped(facts, kind, folder));
}

/** A map that touches the tree and is not of a base folder: it leaves a part of the tree's name where no search finds it. */
export function partialMap(facts: SharingFacts): string | undefined {
  const { style, baseDirectories } = facts.roots;
  return facts.options.find(({ text, path }) => {
    if (path === undefined || !/-prefix-map=$|pathmap:$|d1trimfile:$/.test(text)) return false;
    const from = foldCase(style, path.replace(/(?<=.)[\\/]$/, ''));
    return baseDirectories.some((base) => foldCase(style, base) !== from && touches(facts, from, base));
  })?.path;
}

/** A map works on all that begins with its text, be it the name of a folder or a part of one. */
function touches({ roots: { style } }: SharingFacts, from: string, base: string): boolean {
  const [one, other] = [foldCase(style, from), foldCase(style, base)];
  return one.startsWith(other) || other.startsWith(one);
}

function mapsOf({ options }: SharingFacts, kind: MapKind): string[] {
  return options.flatMap(({ text, path }) => {
    const row = PREFIX_MAPS.find((map) => map.text.test(text));
    return row?.kinds.includes(kind) && path !== undefined ? [path] : [];
  });
}

function endsFolder({ roots }: SharingFacts, from: string, path: string): boolean {
  return isSeparator(roots.style, from.at(-1) ?? '') || isSeparator(roots.style, path.charAt(from.length));
}
