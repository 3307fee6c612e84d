import { foldCase, type PathStyle, pathRules } from '../../util/paths.ts';

/** One name in one folder. */
export interface Place {
  readonly folder: string;
  readonly name: string;
  readonly file: string;
  /** Equal for every spelling of the file's path. */
  readonly identity: string;
}

interface KnownPlace extends Place {
  /** Whether there is a file. Undefined until it is needed. */
  isThere: boolean | undefined;
  isAbsenceNoted: boolean;
}

export interface PlacesOptions {
  readonly style: PathStyle;
  readonly exists: (path: string) => boolean;
  /** Whether there is a folder, which no `#include` and no `__has_include` finds. */
  readonly isFolder?: (path: string) => boolean;
}

/** A name with an empty step, `.` or `..`, by which the folder of the file is another one than that of the name. */
const HAS_STEPS = /(?:^|[\\/])\.{0,2}(?:[\\/]|$)/;

/**
 * The places where headers are searched. Headers search for the same names again and again, so each place is checked
 * once.
 */
export class SearchPlaces {
  /** Absolute paths that were checked and did not exist. */
  readonly absent = new Set<string>();
  /** Absolute paths that were checked and are folders, which no search for a file finds. */
  readonly folders = new Set<string>();
  readonly #options: PlacesOptions;
  readonly #byFolder = new Map<string, { identity: string; places: Map<string, KnownPlace> }>();

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** The place of an `#include` name in a folder. */
  of(folder: string, name: string): Place {
    let inFolder = this.#byFolder.get(folder);
    if (!inFolder) {
      inFolder = { identity: this.identity(folder), places: new Map() };
      this.#byFolder.set(folder, inFolder);
    }
    let place = inFolder.places.get(name);
    if (!place) {
      const file = this.#join(folder, name);
      const identity = HAS_STEPS.test(name)
        ? this.identity(file)
        : this.#join(inFolder.identity, foldCase(this.#options.style, name));
      place = { folder, name, file, identity, isThere: undefined, isAbsenceNoted: false };
      inFolder.places.set(name, place);
    }
    return place;
  }

  identity(file: string): string {
    const { style } = this.#options;
    return foldCase(style, pathRules(style).normalize(file));
  }

  /** True if there is a file. */
  isThere(place: Place): boolean {
    const known = place as KnownPlace;
    const { exists, isFolder } = this.#options;
    known.isThere ??= exists(place.file) && !(isFolder?.(place.file) ?? false);
    return known.isThere;
  }

  /** True if there is a file. Otherwise notes the absence, or the folder that has its name. */
  isThereOrNoted(place: Place): boolean {
    const known = place as KnownPlace;
    if (this.isThere(place)) return true;
    if (!known.isAbsenceNoted) this.#noteAbsence(place);
    known.isAbsenceNoted = true;
    return false;
  }

  /**
   * True if there is a file or folder of this name. Otherwise notes its absence, and so that of everything below it.
   */
  isReachableOrNoted(folder: string, name: string): boolean {
    const place = this.of(folder, name);
    if (this.#options.exists(place.file)) return true;
    this.#noteAbsence(place);
    return false;
  }

  /** Notes the first missing folder of the path, which many names share. */
  #noteAbsence({ folder, name, file }: Place): void {
    const { style, exists } = this.#options;
    const path = pathRules(style);
    // Windows resolves `..` as text: in `sub\..\x.h` the folder `sub` need not exist.
    const way = style === 'win32' ? path.normalize(name) : name;
    if (path.isAbsolute(name) || (style === 'win32' && way.startsWith('..'))) {
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
    return path.isAbsolute(name) ? name : `${folder}${/[\\/]$/.test(folder) ? '' : path.sep}${name}`;
  }
}
