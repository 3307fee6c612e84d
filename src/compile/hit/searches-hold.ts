import { lstatSync } from 'node:fs';
import { fromPortablePath, type TreeRoots } from '../../cache/base-directory.ts';
import {
  namingIn,
  type PackedSearches,
  searchedNames,
  unpackSearches,
  watchedFolders,
} from '../../cache/packed-searches.ts';
import { aliasesOf } from '../../files/folder-aliases.ts';
import { type FolderNames, foldName, listedSteps } from '../../files/folder-names.ts';
import { type NameSearch, placeKey, type Searches, type WatchedFolder } from '../../files/searches.ts';
import { type PathStyle, pathRules } from '../../util/paths.ts';
import type { Session } from '../session.ts';

/**
 * A folder of headers that the compiler would name by another path now, because a folder came or went, or a link leads
 * elsewhere; or a header that has become one file with another, or is one no longer. Undefined if there is none. Costs one
 * `stat` of each folder, and of each header with the same contents as another one.
 */
export function renamedPlace(
  { tree, files }: Pick<Session, 'tree' | 'files'>,
  packed: PackedSearches,
): RenamedPlace | undefined {
  const { searched, holding, twins, aliases } = namingIn(packed);
  const here = (path: string) => fromPortablePath(tree.roots, path) ?? path;
  const named = { searched: searched.map(here), holding: holding.map(here), twins: twins.map(here) };
  const now = aliasesOf(named, tree.roots.style, (path) => files.memory.identity(path));
  const folders = [...named.holding, ...named.searched];
  const places = [...folders, ...named.twins];
  const changed = places.findIndex((_, number) => now[number] !== aliases[number]);
  const path = places[changed];
  return path === undefined ? undefined : { path, isFile: changed >= folders.length };
}

export interface RenamedPlace {
  readonly path: string;
  /** True for a header, false for a folder. */
  readonly isFile: boolean;
}

/**
 * The path of a file that a search would find too early. Undefined if there is none: then the compiler would find the
 * same headers. Costs one `stat` of each folder that is known from an earlier call. Only the others are listed.
 */
export function problemOfSearches(
  { tree, files }: Pick<Session, 'tree' | 'files'>,
  packed: PackedSearches,
): string | undefined {
  const { memory } = files;
  const changed: (ListedFolder & { readonly signature: string | undefined })[] = [];
  for (const { base, ...watched } of absoluteWatched(tree.roots, packed)) {
    if (base === undefined) return watched.folder;
    const signature = memory.folderSignature(watched.path);
    if (!memory.isSearched(watched.path, { id: packed.id, signature })) {
      changed.push({ ...watched, base, signature });
    }
  }
  if (changed.length === 0) return undefined;
  const listed = changed.map(({ path }) => memory.names(path));
  const asked = searchedNamesIn(listed, packed);
  const check =
    asked.size === 0
      ? undefined
      : new SearchCheck(
          tree.roots.style,
          unpackSearches(packed, (name) => asked.has(name)),
        );
  const known = new Map<string, string | undefined>();
  const unsteady = new Set<string>();
  for (const [index, folder] of changed.entries()) {
    const found = check?.look(folder, listed[index], memory) ?? NOTHING_FOUND;
    if (found.problem !== undefined) return found.problem;
    known.set(folder.path, folder.signature);
    if (!found.isSteady) unsteady.add(folder.path);
  }
  // One folder can be watched twice: as a folder of an order, and below one. Both must have been looked at.
  for (const [path, signature] of known) {
    if (!unsteady.has(path)) memory.noteSearched(path, { id: packed.id, signature });
  }
  return undefined;
}

/** No searched name may be in any of the lists, so each of them will show when that changes. */
const NOTHING_FOUND: ReturnType<SearchCheck['look']> = { isSteady: true };

/**
 * The searched names of which one of these lists may have a step. Mostly the folder of the object has changed alone, and
 * none of the names is in it. Folders that cannot be listed may have them all.
 */
function searchedNamesIn(lists: readonly FolderNames[], packed: PackedSearches): ReadonlySet<string> {
  const names = searchedNames(packed);
  const listed = new Set<string>();
  for (const list of lists) {
    if (!list) return new Set(names);
    for (const name of list) listed.add(name);
  }
  const isAmong = (steps: readonly string[]) => {
    for (const step of steps) if (listed.has(step)) return true;
    return false;
  };
  // All names at once are split in a quarter of the time.
  if (!isAmong(stepsOf(names.join('/')))) return new Set();
  return new Set(names.filter((name) => isAmong(stepsOf(name))));
}

/** Searches have no names in which a backslash is a letter. */
function stepsOf(name: string): string[] {
  return foldName(name).replaceAll('\\', '/').split('/');
}

/** The watched folders of searches by their paths in this tree. Without `base` the tree has no such place. */
export function absoluteWatched(
  roots: TreeRoots,
  packed: PackedSearches,
): (Omit<ListedFolder, 'base'> & { readonly base: string | undefined })[] {
  return watchedFolders(packed).map(({ folder, below }) => {
    const base = fromPortablePath(roots, folder);
    const path = below === '' ? (base ?? folder) : joined(roots.style, base ?? folder, below);
    return { folder, below, base, path };
  });
}

interface ListedFolder extends WatchedFolder {
  /** The absolute path of the folder of the order, and that of the folder itself. */
  readonly base: string;
  readonly path: string;
}

type Memory = Pick<Session['files']['memory'], 'isFree'>;

/** Searches, by what one must know of them when a folder has changed. */
class SearchCheck {
  readonly #style: PathStyle;
  readonly #watched: ReadonlySet<string>;
  readonly #passedOver: ReadonlySet<string>;
  readonly #byName = new Map<string, NameSearch[]>();
  /** By folder below that of an order, and by the next step: the names that lead there. */
  readonly #names = new Map<string, Map<string, string[]>>();

  constructor(style: PathStyle, { searches, passedOver, watched }: Searches) {
    this.#style = style;
    this.#watched = new Set(watched.map(({ folder, below }) => placeKey(folder, below)));
    this.#passedOver = new Set(passedOver.map(({ folder, name }) => placeKey(folder, name)));
    for (const search of searches) {
      const same = this.#byName.get(search.name);
      if (same) same.push(search);
      else this.#addName(search);
    }
  }

  /** Whether a search would find something in this folder, and whether the folder will show if that changes. */
  look(
    { folder, below, base, path }: ListedFolder,
    listed: FolderNames,
    memory: Memory,
  ): { readonly problem?: string; readonly isSteady: boolean } {
    const byStep = this.#names.get(below) ?? new Map<string, string[]>();
    let isSteady = listed !== undefined;
    for (const step of inBoth(byStep, listed)) {
      for (const name of byStep.get(step) ?? []) {
        if (!this.#isSearched(folder, name)) continue;
        const problem = joined(this.#style, base, name);
        if (!memory.isFree(problem)) return { problem, isSteady };
        isSteady &&= this.#isSteadyWay({ folder, below, base, path }, name);
      }
    }
    return { isSteady };
  }

  #addName(search: NameSearch): void {
    this.#byName.set(search.name, [search]);
    const steps = listedSteps(this.#style, search.name) ?? [];
    const { sep } = pathRules(this.#style);
    for (const [index, step] of steps.entries()) {
      const below = steps.slice(0, index).join(sep);
      let byStep = this.#names.get(below);
      if (!byStep) {
        byStep = new Map();
        this.#names.set(below, byStep);
      }
      const folded = foldName(step);
      const names = byStep.get(folded);
      if (names) names.push(search.name);
      else byStep.set(folded, [search.name]);
    }
  }

  /** Whether a search for this name went through this folder and did not pass over a file there. */
  #isSearched(folder: string, name: string): boolean {
    if (this.#passedOver.has(placeKey(folder, name))) return false;
    return (this.#byName.get(name) ?? []).some(({ from, until }) => {
      for (let step: NameSearch['until'] = from; step && step !== until; step = step.next) {
        if (step.folder === folder) return true;
      }
      return false;
    });
  }

  /**
   * Whether the state of this folder shows when a file of this name appears: nothing is there now, or a folder that is
   * watched itself, or that is no link. What is at the end of a link changes elsewhere.
   */
  #isSteadyWay({ folder, below, path }: ListedFolder, name: string): boolean {
    const steps = listedSteps(this.#style, name) ?? [];
    const { sep } = pathRules(this.#style);
    const done = below === '' ? 0 : below.split(sep).length;
    const step = joined(this.#style, path, steps[done] ?? '');
    const stat = lstatSync(step, { throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (done < steps.length - 1)
      return this.#watched.has(placeKey(folder, steps.slice(0, done + 1).join(sep)));
    return stat.isDirectory();
  }
}

/** The names that may be in the list: those in both, found by going through the shorter one. */
function inBoth(names: ReadonlyMap<string, unknown>, list: ReadonlySet<string> | undefined): string[] {
  if (!list) return [...names.keys()];
  if (list.size < names.size) return [...list].filter((name) => names.has(name));
  return [...names.keys()].filter((name) => list.has(name));
}

function joined(style: PathStyle, folder: string, name: string): string {
  const { sep } = pathRules(style);
  return `${folder}${folder.endsWith(sep) ? '' : sep}${name}`;
}
