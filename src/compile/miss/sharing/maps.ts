import { foldCase, isSeparator, pathRules } from '../../../util/paths.ts';
import { wordOf, workingFolder } from './channels.ts';
import type { MapKind, SharingFacts } from './facts.ts';
import { treeOf } from './tree-path.ts';

/**
 * Options that replace a path with another text, with the outputs on which they work ("Clang command line argument
 * reference"). clang-cl takes the maps only behind `/clang:`, and those of the compiler proper only behind `-Xclang`.
 * Otherwise it warns and ignores them.
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

/** The oldest version whose objects were compared. An older one may ignore such an option. */
const FIRST_TRIED = 14;

/**
 * True if a constant replaces this path of the tree in every output of one kind. A map does so only if it maps the base
 * directory itself, as it is spelled here, and no other map touches the tree. A map of a folder above leaves a part of
 * the tree's own name. With a map of a folder below, the order of maps decides.
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

/** True if no output of this kind depends on the folder in which the compiler was started. */
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

/**
 * A map that touches the tree but does not map a base directory. It leaves a part of the tree's name that no search
 * finds.
 */
export function partialMap(facts: SharingFacts): string | undefined {
  const { style, baseDirectories } = facts.roots;
  return facts.options.find(({ text, path }) => {
    if (path === undefined || !/-prefix-map=$|pathmap:$|d1trimfile:$/.test(text)) return false;
    const from = foldCase(style, path.replace(/(?<=.)[\\/]$/, ''));
    return baseDirectories.some((base) => foldCase(style, base) !== from && touches(facts, from, base));
  })?.path;
}

/** A map works on everything that begins with its text, which may be a whole name of a folder or a part of one. */
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
