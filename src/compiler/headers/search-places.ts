import { type FolderNames, foldName, listedSteps } from '../../files/folder-names.ts';
import { placeKey, type SearchStep, type WatchedFolder } from '../../files/searches.ts';
import { foldCase, inFolder, type PathStyle, pathRules } from '../../util/paths.ts';
import { stepsOf } from './search-order.ts';

/** One name in one folder. */
export interface Place {
  readonly folder: string;
  readonly name: string;
  readonly file: string;
  /** Equal for every spelling of the file's path. */
  readonly identity: string;
  /** The steps of the name, if the lists of folders show whether it is there. */
  readonly steps: readonly string[] | undefined;
}

/** A place in an order of search. */
export interface OrderedPlace extends Place {
  readonly at: SearchStep;
}

export interface PlacesOptions {
  readonly style: PathStyle;
  readonly exists: (path: string) => boolean;
  /** The names in a folder. */
  readonly list: (folder: string) => FolderNames;
  /** Whether there is a folder, which no `#include` and no `__has_include` finds. */
  readonly isFolder: (path: string) => boolean;
}

/** For clang `//x.h` is no absolute name: it is the name of a network place, without a folder in it. */
function isAbsoluteName(style: PathStyle, name: string): boolean {
  return pathRules(style).isAbsolute(name) && !(style === 'posix' && /^\/\/[^/]+$/.test(name));
}

/**
 * The places where headers are searched. Most names are in one of many folders, so the lists of the folders say where a
 * name can be, and only those places are looked at.
 */
export class SearchPlaces {
  /** Absolute paths that were checked and did not exist, of names that lists of folders do not show. */
  readonly absent = new Set<string>();
  /** Absolute paths of folders that have such a name, which no search for a file finds. */
  readonly folders = new Set<string>();
  /** Folders below those of an order, to which names with folders in them lead. One folder can be below several. */
  readonly below = new Map<string, WatchedFolder>();
  /** Folders whose own state does not show everything: something in the way of a search may change elsewhere. */
  readonly unsteady = new Set<string>();
  readonly #options: PlacesOptions;
  readonly #common: SearchStep | undefined;
  /** Standard headers search for the same few names again and again. */
  readonly #possible = new Map<SearchStep | undefined, Map<string, readonly OrderedPlace[]>>();
  readonly #identities = new Map<string, string>();
  readonly #presence = new Map<string, boolean>();
  readonly #looked = new Set<string>();
  readonly #steps = new Map<string, readonly string[] | undefined>();
  #inCommon: { byName: ReadonlyMap<string, SearchStep[]>; unlisted: readonly SearchStep[] } | undefined;

  /** `common` is the order that all others end with, which may be long. */
  constructor(options: PlacesOptions, common: SearchStep | undefined) {
    this.#options = options;
    this.#common = common;
  }

  /** The places of an `#include` name in an order of search where something may be. Everywhere else nothing is. */
  possible(order: SearchStep | undefined, name: string): readonly OrderedPlace[] {
    let byName = this.#possible.get(order);
    if (!byName) {
      byName = new Map();
      this.#possible.set(order, byName);
    }
    let places = byName.get(name);
    if (!places) {
      places = this.#placesOf(order, name);
      byName.set(name, places);
    }
    return places;
  }

  /** Whether one of these names, as lists of folders hold them, was asked for. */
  hasAskedFor(names: ReadonlySet<string>): boolean {
    if (names.size === 0) return false;
    const isOne = (name: string) =>
      (this.stepsOf(name) ?? name.split(/[\\/]/)).some((step) => names.has(foldName(step)));
    return Array.from(this.#possible.values()).some((byName) => Array.from(byName.keys()).some(isOne));
  }

  /** All places where something may be that was asked for. */
  *all(): Generator<Place> {
    for (const byName of this.#possible.values()) for (const places of byName.values()) yield* places;
  }

  #placesOf(order: SearchStep | undefined, name: string): readonly OrderedPlace[] {
    const steps = this.stepsOf(name);
    const found = steps ? this.#stepsWith(order, steps[0] ?? '') : stepsOf(order);
    return Array.from(found, (at) => ({ ...this.#place(at.folder, name, steps), at }));
  }

  /** The steps of a name that lists of folders show. Undefined for every other name. */
  stepsOf(name: string): readonly string[] | undefined {
    if (!this.#steps.has(name)) this.#steps.set(name, listedSteps(this.#options.style, name));
    return this.#steps.get(name);
  }

  /** Equal for every spelling of a path. Headers share few folders. */
  identity(file: string): string {
    const { style } = this.#options;
    const { folder, name } = inFolder(file);
    if (folder === '' || name === '' || name === '.' || name === '..') {
      return foldCase(style, pathRules(style).normalize(file));
    }
    let above = this.#identities.get(folder);
    if (above === undefined) {
      above = foldCase(style, pathRules(style).normalize(folder));
      this.#identities.set(folder, above);
    }
    return above + foldCase(style, name);
  }

  /** True if there is a file. */
  isThere({ file }: Place): boolean {
    let isThere = this.#presence.get(file);
    if (isThere === undefined) {
      const { exists, isFolder } = this.#options;
      isThere = exists(file) && !isFolder(file);
      this.#presence.set(file, isThere);
    }
    return isThere;
  }

  /** True if there is a file. Otherwise notes what shows its absence. */
  isThereOrNoted(place: Place): boolean {
    if (this.isThere(place)) return true;
    if (this.#looked.has(place.file)) return false;
    this.#looked.add(place.file);
    if (place.steps) this.#watchWay(place, place.steps);
    else this.#noteAbsence(place);
    return false;
  }

  #place(folder: string, name: string, steps: Place['steps']): Place {
    const file = this.#join(folder, name);
    return { folder, name, file, identity: this.identity(file), steps };
  }

  /** The steps of an order whose folders may have this name. */
  #stepsWith(order: SearchStep | undefined, name: string): SearchStep[] {
    const folded = foldName(name);
    const found: SearchStep[] = [];
    let step = order;
    for (; step && step !== this.#common; step = step.next) {
      if (this.#options.list(step.folder)?.has(folded) ?? true) found.push(step);
    }
    if (step === undefined) return found;
    this.#inCommon ??= this.#listCommon();
    const { byName, unlisted } = this.#inCommon;
    const listed = byName.get(folded) ?? [];
    if (unlisted.length === 0) return [...found, ...listed];
    const possible = new Set([...unlisted, ...listed]);
    return [...found, ...Array.from(stepsOf(this.#common)).filter((one) => possible.has(one))];
  }

  #listCommon() {
    const byName = new Map<string, SearchStep[]>();
    const unlisted: SearchStep[] = [];
    for (const step of stepsOf(this.#common)) {
      const names = this.#options.list(step.folder);
      if (!names) unlisted.push(step);
      for (const name of names ?? []) {
        const steps = byName.get(name);
        if (steps) steps.push(step);
        else byName.set(name, [step]);
      }
    }
    return { byName, unlisted };
  }

  /** Notes the folders on the way to a file that is not there. */
  #watchWay({ folder }: Place, steps: readonly string[]): void {
    const { list, isFolder, style } = this.#options;
    let at = folder;
    for (const [index, step] of steps.entries()) {
      if (!(list(at)?.has(foldName(step)) ?? true)) return;
      const path = this.#join(at, step);
      if (index === steps.length - 1 || !isFolder(path)) {
        // A link that leads nowhere, or a folder of that name: what is at the end of a link changes elsewhere.
        this.unsteady.add(at);
        return;
      }
      const below = steps.slice(0, index + 1).join(pathRules(style).sep);
      this.below.set(placeKey(folder, below), { folder, below });
      at = path;
    }
  }

  /** Notes the first missing folder of the path, which many names share. */
  #noteAbsence({ folder, name, file }: Place): void {
    const { style, exists } = this.#options;
    const path = pathRules(style);
    // Windows resolves `..` as text: in `sub\..\x.h` the folder `sub` need not exist.
    const way = style === 'win32' ? path.normalize(name) : name;
    if (isAbsoluteName(style, name) || (style === 'win32' && way.startsWith('..'))) {
      (exists(file) ? this.folders : this.absent).add(file);
      return;
    }
    let place = folder;
    for (const step of way.split(style === 'win32' ? /[\\/]+/ : /\/+/)) {
      if (!exists(place)) break;
      if (step !== '' && step !== '.') place = this.#join(place, step);
    }
    (exists(place) ? this.folders : this.absent).add(place);
  }

  #join(folder: string, name: string): string {
    const path = pathRules(this.#options.style);
    return isAbsoluteName(this.#options.style, name)
      ? name
      : `${folder}${/[\\/]$/.test(folder) ? '' : path.sep}${name}`;
  }
}
