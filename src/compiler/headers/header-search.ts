import type { IncludeDirective, SourceScan } from '../../source/scan.ts';
import { pathRules } from '../../util/paths.ts';
import { type Place, type PlacesOptions, SearchPlaces } from './search-places.ts';

/**
 * Finds the places where the compiler looked before it found each header. A file that appears in one of them would be
 * found first, so a manifest entry holds only while they stay empty (ccache issue 811, sccache issue 2766). Microsoft's
 * order for `#include "x"`: the folder of the current file, the folders of the files that include it, from the
 * innermost one outwards, then `/I` and the like in order, then INCLUDE. For `<x>` the first two are left out ("/I
 * (Additional include directories)", "#include directive (C/C++)").
 */
export interface HeaderSearch extends PlacesOptions {
  /** The absolute path of the source. */
  readonly source: string;
  /** The search folders, absolute, in order. */
  readonly folders: readonly string[];
  /** Folders that are searched before them for quoted names only (clang's `-iquote`). */
  readonly quoteFolders?: readonly string[];
  readonly scanOf: (path: string) => SourceScan | undefined;
  /** The names that `/FI` gives, and the folder that is searched first for them. */
  readonly forced?: { readonly names: readonly string[]; readonly workingDirectory: string };
}

/** An inclusion that the compiler reported: the absolute path, and the depth. */
export interface Inclusion {
  readonly path: string;
  readonly depth: number;
}

/** Absolute paths that must stay absent, and paths that must stay present (`__has_include` found them). */
export interface SearchTraces {
  readonly absent: ReadonlySet<string>;
  readonly present: ReadonlySet<string>;
  /** Absolute paths of folders where a header would have been found first if they were files. */
  readonly folders: ReadonlySet<string>;
  /** Files in places where a header would have been found first, but was not. Most belong to inactive lines. */
  readonly passedOver: ReadonlySet<string>;
  /**
   * Targets of `#include` lines that were not reported: of inactive lines, or other names of a header that was included
   * already, which a compiler does not enter again.
   */
  readonly unreported: ReadonlySet<string>;
}

/** A directive, and the places that it searches. */
interface Question {
  readonly kind: IncludeDirective['kind'];
  readonly places: readonly Place[];
}

/** The directives of a file, for one chain of folders that it was included through. */
interface Visit {
  /** The identities of the headers that they lead to. */
  readonly found: Set<string>;
  /** Directives whose answer may change when more inclusions are reported. */
  questions: readonly Question[];
}

interface OpenFile {
  readonly path: string;
  readonly chain: readonly string[];
  readonly children: string[];
}

/**
 * Follows the directives of every file that the compiler entered. It gets inclusions in the order of the compiler's
 * notes, as early as they are known. A file is processed when the compiler has left it.
 */
export class HeaderTrace {
  readonly #search: HeaderSearch;
  readonly #places: SearchPlaces;
  readonly #placesByName = new Map<string, readonly Place[]>();
  /** The included files, by the reported paths and by their identities. */
  readonly #reported = new Set<string>();
  readonly #included = new Set<string>();
  readonly #namesBelow = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #present = new Set<string>();
  readonly #passedOver = new Set<string>();
  readonly #visits = new Map<string, Visit>();
  readonly #open: OpenFile[];
  /** Files with an include by a macro: the chains of folders that each was included through, by their joined names. */
  readonly #computing = new Map<string, readonly string[]>();

  constructor(search: HeaderSearch) {
    this.#search = search;
    this.#places = new SearchPlaces(search);
    const chain = [pathRules(search.style).dirname(search.source)];
    this.#open = [{ path: search.source, chain, children: [] }];
  }

  /** Call it when the compiler has entered a file. */
  enter({ path, depth }: Inclusion): void {
    while (this.#open.length > Math.max(1, depth)) this.#leave();
    const parent = this.#open.at(-1);
    if (!parent) return;
    this.#reported.add(path);
    this.#included.add(this.#places.identity(path));
    parent.children.push(path);
    const chain = [...new Set([pathRules(this.#search.style).dirname(path), ...parent.chain])];
    this.#open.push({ path, chain, children: [] });
  }

  /** Call it when the compiler has ended. */
  finish(): SearchTraces {
    while (this.#open.length > 0) this.#leave();
    const unreported = new Set<string>();
    const last: Visit = { found: new Set(), questions: this.#forcedQuestions() };
    for (const visit of [...this.#visits.values(), last]) {
      this.#ask(visit);
      for (const { places } of visit.questions) {
        const first = places.some((place) => this.#isIncluded(place))
          ? undefined
          : places.find((place) => this.#places.isThere(place));
        if (first) unreported.add(first.file);
      }
    }
    for (const chain of this.#computing.values()) this.#guessSilent(chain);
    for (const file of this.#passedOver) {
      if (!this.#included.has(this.#places.identity(file))) unreported.add(file);
    }
    const { absent, folders } = this.#places;
    return { absent, folders, present: this.#present, passedOver: this.#passedOver, unreported };
  }

  #forcedQuestions(): Question[] {
    const { forced, source, folders, quoteFolders = [], style } = this.#search;
    if (!forced) return [];
    const searched = [forced.workingDirectory, pathRules(style).dirname(source), ...quoteFolders, ...folders];
    return forced.names.map((name) => ({ kind: 'include', places: this.#placesOf(name, searched) }));
  }

  /** Processes the innermost open file. */
  #leave(): void {
    const file = this.#open.pop();
    if (!file) return;
    const name = [file.path, ...file.chain].join('\n');
    let visit = this.#visits.get(name);
    if (!visit) {
      const { scanOf, folders, quoteFolders = [] } = this.#search;
      const scan = scanOf(file.path);
      if (scan?.computesInclude) this.#computing.set(file.chain.join('\n'), file.chain);
      const quoted = [...file.chain, ...quoteFolders, ...folders];
      const questions = (scan?.includes ?? []).map(({ kind, form, name }) => ({
        kind,
        places: form === 'quote' ? this.#placesOf(name, quoted) : this.#placesInFolders(name),
      }));
      visit = { found: new Set(), questions };
      this.#visits.set(name, visit);
    }
    this.#ask(visit);
    for (const child of file.children) {
      if (!visit.found.has(this.#places.identity(child))) this.#guess(child, file.chain);
    }
  }

  /** Answers the open questions, and keeps those whose answer may change later. */
  #ask(visit: Visit): void {
    visit.questions = visit.questions.filter((question) => {
      const winner = this.#follow(question);
      if (winner !== undefined) visit.found.add(winner);
      return question.kind === 'includeNext' || (question.kind === 'include' && winner === undefined);
    });
  }

  /** The identity of the file that a directive leads to, if it was reported. */
  #follow({ kind, places }: Question): string | undefined {
    if (kind === 'hasInclude' || kind === 'hasIncludeNext') {
      for (const place of places) {
        if (!this.#places.isThereOrNoted(place)) continue;
        this.#present.add(place.file);
        if (kind === 'hasInclude') break;
      }
      return undefined;
    }
    const isIncluded = (place: Place) => this.#isIncluded(place);
    const index = kind === 'include' ? places.findIndex(isIncluded) : places.findLastIndex(isIncluded);
    for (const place of places.slice(0, Math.max(0, index))) this.#passOver(place);
    const winner = places[index];
    // Found by another path than the reported one, such as `deep/../x.h`. On POSIX the folders of that path must exist.
    if (winner && this.#search.style === 'posix' && !this.#reported.has(winner.file)) {
      this.#present.add(winner.file);
    }
    return winner?.identity;
  }

  /** An include by a macro, whose name is unknown: every name that it may have had. */
  #guess(child: string, chain: readonly string[]): void {
    const path = pathRules(this.#search.style);
    const { folders: searched, quoteFolders = [] } = this.#search;
    const folders = [...chain, ...quoteFolders, ...searched];
    for (const [index, folder] of folders.entries()) {
      const inside = path.relative(folder, child);
      if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) continue;
      for (const earlier of folders.slice(0, index)) this.#passOver(this.#places.of(earlier, inside));
    }
  }

  /**
   * The macro may also name a header that was included already and is not reported again: any of the included headers,
   * by its name in any of the folders.
   */
  #guessSilent(chain: readonly string[]): void {
    const { folders: searched, quoteFolders = [] } = this.#search;
    const folders = [...chain, ...quoteFolders, ...searched];
    for (const [index, folder] of folders.entries()) {
      for (const [step, names] of this.#includedBelow(folder)) {
        for (const earlier of folders.slice(0, index)) {
          if (!this.#places.isReachableOrNoted(earlier, step)) continue;
          for (const name of names) this.#passOver(this.#places.of(earlier, name));
        }
      }
    }
  }

  /**
   * The names in a folder by which included headers can be found, by their first step, because thousands of headers of
   * a library share it. Call it when all inclusions are known.
   */
  #includedBelow(folder: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#namesBelow.get(folder);
    if (known) return known;
    const { sep } = pathRules(this.#search.style);
    const below = `${this.#places.identity(folder)}${sep}`;
    const names = new Map<string, string[]>();
    for (const identity of this.#included) {
      if (!identity.startsWith(below)) continue;
      const name = identity.slice(below.length);
      const [step = name] = name.split(sep, 1);
      const others = names.get(step);
      if (others) others.push(name);
      else names.set(step, [name]);
    }
    this.#namesBelow.set(folder, names);
    return names;
  }

  #passOver(place: Place): void {
    if (this.#places.isThereOrNoted(place)) this.#passedOver.add(place.file);
  }

  #placesOf(name: string, folders: readonly string[]): readonly Place[] {
    return folders.map((folder) => this.#places.of(folder, name));
  }

  /** Standard headers search for the same few names again and again. */
  #placesInFolders(name: string): readonly Place[] {
    const places = this.#placesByName.get(name) ?? this.#placesOf(name, this.#search.folders);
    this.#placesByName.set(name, places);
    return places;
  }

  #isIncluded(place: Place): boolean {
    return this.#included.has(place.identity);
  }
}
