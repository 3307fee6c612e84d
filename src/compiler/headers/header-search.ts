import { type NamedPlace, placeKey, type SearchStep } from '../../files/searches.ts';
import { pathRules } from '../../util/paths.ts';
import { SearchLog } from './search-log.ts';
import type { HeaderSearch } from './search-options.ts';
import { SearchOrders, stepsOf } from './search-order.ts';
import { type OrderedPlace, type Place, SearchPlaces } from './search-places.ts';
import {
  type CertainQuestion,
  type OpenFile,
  type Question,
  Questions,
  type Visit,
  visitWith,
} from './search-questions.ts';
import type { Inclusion, SearchTraces } from './search-traces.ts';

/**
 * Follows the directives of every file that the compiler entered. It gets inclusions in the order of the compiler's
 * notes, as early as they are known. A file is processed when the compiler has left it.
 */
export class HeaderTrace {
  readonly #search: HeaderSearch;
  readonly #places: SearchPlaces;
  readonly #orders = new SearchOrders();
  /** What `<x>` is searched in, and what `"x"` is searched in behind the folders of the includers. */
  readonly #angled: SearchStep | undefined;
  readonly #quoted: SearchStep | undefined;
  readonly #questions: Questions;
  readonly #log: SearchLog;
  /** The searches of `__has_include`, of which the compiler does not report the answer. */
  readonly #asked: SearchLog;
  /** The included files, by the reported paths and by their identities. */
  readonly #reported = new Set<string>();
  readonly #included = new Set<string>();
  readonly #namesBelow = new Map<string, readonly string[]>();
  readonly #present = new Set<string>();
  readonly #passedOver = new Set<string>();
  /** By `placeKey`: every place of a file that a search went through. */
  readonly #files = new Map<string, NamedPlace>();
  readonly #visits = new Map<SearchStep | undefined, Map<string, Visit>>();
  readonly #open: OpenFile[];
  /** The orders of search of files with an include by a macro. */
  readonly #computing = new Set<SearchStep | undefined>();

  constructor(search: HeaderSearch) {
    this.#search = search;
    this.#angled = this.#orders.of(search.folders, undefined);
    this.#quoted = this.#orders.of(search.quoteFolders ?? [], this.#angled);
    this.#places = new SearchPlaces(search, this.#angled);
    this.#questions = new Questions(this.#orders, this.#places, {
      angled: this.#angled,
      quoted: this.#quoted,
    });
    this.#log = new SearchLog(this.#orders);
    this.#asked = new SearchLog(this.#orders);
    const chain = [pathRules(search.style).dirname(search.source)];
    this.#open = [this.#opened(search.source, { chain, order: this.#orders.of(chain, this.#quoted) })];
    for (const path of search.precompiled ?? []) {
      this.#reported.add(path);
      this.#included.add(this.#places.identity(path));
    }
  }

  /** Call it when the compiler has entered a file. */
  enter({ path, depth }: Inclusion): void {
    while (this.#open.length > Math.max(1, depth)) this.#leave();
    const parent = this.#open.at(-1);
    if (!parent) return;
    this.#reported.add(path);
    this.#included.add(this.#places.identity(path));
    const question = parent.visit.certain.get(path);
    if (question) this.#answer(parent.visit, question);
    else parent.children.push(path);
    const folder = pathRules(this.#search.style).dirname(path);
    if (folder === parent.chain[0]) this.#open.push(this.#opened(path, parent));
    else {
      const chain = [folder, ...parent.chain.filter((one) => one !== folder)];
      this.#open.push(this.#opened(path, { chain, order: this.#orders.of(chain, this.#quoted) }));
    }
  }

  /** Call it when the compiler has ended. */
  finish(): SearchTraces {
    while (this.#open.length > 0) this.#leave();
    const unreported = new Set<string>();
    const visits = Array.from(this.#visits.values(), (byPath) => [...byPath.values()]).flat();
    for (const visit of [...visits, visitWith(this.#forcedQuestions())]) {
      this.#ask(visit);
      for (const { places } of visit.questions) {
        const first = places.some((place) => this.#isIncluded(place))
          ? undefined
          : places.find((place) => this.#places.isThere(place));
        if (first) unreported.add(first.file);
      }
    }
    for (const order of this.#computing) this.#guessSilent(order);
    for (const file of this.#passedOver) {
      if (!this.#included.has(this.#places.identity(file))) unreported.add(file);
    }
    const { exists } = this.#search;
    const folders = [...this.#log.folders()];
    const { absent, below, unsteady } = this.#places;
    return {
      searches: this.#log.all(),
      watched: [
        ...folders.filter((folder) => exists(folder)).map((folder) => ({ folder, below: '' })),
        ...below.values(),
      ],
      unsteady,
      absent: new Set([...absent, ...folders.filter((folder) => !exists(folder))]),
      folders: this.#places.folders,
      present: this.#present,
      passedOver: this.#passedOver,
      files: [...this.#files.values()],
      unreported,
      asked: { folders: this.#asked.folders(), names: new Set(this.#asked.all().map(({ name }) => name)) },
    };
  }

  /** Whether one of these names, as lists of folders hold them, was looked for. */
  hasAskedFor(names: ReadonlySet<string> | 'any'): boolean {
    return names === 'any' || this.#places.hasAskedFor(names);
  }

  /** Whether there was an include by a macro, whose name is unknown. */
  get followsMacros(): boolean {
    return this.#computing.size > 0;
  }

  /**
   * Whether all these files are ones that were reported, or that lines without a macro may lead to. Another one is a second
   * name of a reported file, by which a macro included it once more. Call it when the compiler has ended.
   */
  accountsFor(paths: readonly string[]): boolean {
    const files = new Set(this.#reported);
    const identities = new Set(this.#included);
    for (const { file, identity } of this.#places.all()) {
      files.add(file);
      identities.add(identity);
    }
    // On POSIX a path with `..` in it leads there only while all folders on it exist.
    const isPlain = (path: string) => this.#search.style === 'win32' || !path.includes('..');
    return paths.every(
      (path) => files.has(path) || (isPlain(path) && identities.has(this.#places.identity(path))),
    );
  }

  #forcedQuestions(): Question[] {
    const { forced, source, style } = this.#search;
    if (!forced) return [];
    const first = [forced.workingDirectory, pathRules(style).dirname(source)];
    const order = this.#orders.of(first, this.#quoted);
    return forced.names.map((name) => this.#questions.named('include', order, name));
  }

  /** A file that the compiler has entered. Most of the work is done here, while the compiler still works. */
  #opened(path: string, { chain, order }: Pick<OpenFile, 'chain' | 'order'>): OpenFile {
    let visits = this.#visits.get(order);
    if (!visits) {
      visits = new Map();
      this.#visits.set(order, visits);
    }
    let visit = visits.get(path);
    if (!visit) {
      const scan = this.#search.scanOf(path);
      if (scan?.computesInclude) this.#computing.add(order);
      visit = visitWith(scan ? this.#questions.of(scan, { chain, order }) : []);
      visits.set(path, visit);
    }
    return { chain, order, visit, children: [] };
  }

  /** Processes the innermost open file. */
  #leave(): void {
    const file = this.#open.pop();
    if (!file) return;
    this.#ask(file.visit);
    for (const child of file.children) {
      if (!file.visit.found.has(this.#places.identity(child))) this.#guess(child, file.order);
    }
  }

  /** Answers a question of which the only possible file was entered. A source asks for most headers, and is left last. */
  #answer({ found, questions }: Visit, question: CertainQuestion): void {
    const [{ at, identity }] = question.places;
    this.#note(question.order, question.name, at);
    found.add(identity);
    questions.delete(question);
  }

  /** Answers the open questions, and keeps those whose answer may change later. */
  #ask({ found, questions }: Visit): void {
    for (const question of questions) {
      const winner = this.#follow(question);
      if (winner !== undefined) found.add(winner);
      const isOpen = question.kind === 'includeNext' || (question.kind === 'include' && winner === undefined);
      if (!isOpen) questions.delete(question);
    }
  }

  /** The identity of the file that a directive leads to, if it was reported. */
  #follow({ kind, order, name, places, plain }: Question): string | undefined {
    if (kind === 'hasInclude' || kind === 'hasIncludeNext') {
      this.#askFor(order, name, kind);
      return undefined;
    }
    const isIncluded = (place: Place) => this.#isIncluded(place);
    const index = kind === 'include' ? places.findIndex(isIncluded) : places.findLastIndex(isIncluded);
    const winner = places[index];
    if (!winner) return undefined;
    this.#passOver(order, name, winner.at);
    if (plain && this.#questions.isOfIncluder(winner, plain.order)) this.#compare(plain);
    // Found by another path than the reported one, such as `deep/../x.h`. On POSIX the folders of that path must exist.
    if (this.#search.style === 'posix' && !this.#reported.has(winner.file)) this.#present.add(winner.file);
    return winner.identity;
  }

  /**
   * clang says of a name that it found beside an includer when the search without the includers finds another file, or
   * none ("#include resolved using non-portable Microsoft search rules").
   */
  #compare({ order, name, places }: Question): void {
    const other = places.find((place) => this.#places.isThereOrNoted(place));
    if (other && !this.#isIncluded(other)) this.#present.add(other.file);
    this.#note(order, name, other?.at);
  }

  /** `__has_include` finds the first file, and `__has_include_next` may find any. */
  #askFor(order: SearchStep | undefined, name: string, kind: 'hasInclude' | 'hasIncludeNext'): void {
    let found: OrderedPlace | undefined;
    for (const place of this.#places.possible(order, name)) {
      if (!this.#places.isThereOrNoted(place)) continue;
      this.#present.add(place.file);
      found = place;
      if (kind === 'hasInclude') break;
      this.#files.set(placeKey(place.folder, place.name), place);
    }
    this.#note(order, name, kind === 'hasInclude' ? found?.at : undefined);
    if (order) this.#asked.note(order, name, kind === 'hasInclude' ? found?.at : undefined);
  }

  /** An include by a macro, whose name is unknown: every name that it may have had. */
  #guess(child: string, order: SearchStep | undefined): void {
    const path = pathRules(this.#search.style);
    for (const step of stepsOf(order)) {
      const inside = path.relative(step.folder, child);
      if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) continue;
      this.#passOver(order, inside, step);
    }
  }

  /**
   * The macro may also name a header that was included already and is not reported again: any of the included headers,
   * by its name in any of the folders.
   */
  #guessSilent(order: SearchStep | undefined): void {
    for (const step of stepsOf(order)) {
      for (const name of this.#includedBelow(step.folder)) this.#passOver(order, name, step);
    }
  }

  /** The names in a folder by which included headers can be found. Call it when all inclusions are known. */
  #includedBelow(folder: string): readonly string[] {
    const known = this.#namesBelow.get(folder);
    if (known) return known;
    const below = `${this.#places.identity(folder)}${pathRules(this.#search.style).sep}`;
    const inside = Array.from(this.#included).filter((identity) => identity.startsWith(below));
    const names = inside.map((identity) => identity.slice(below.length));
    this.#namesBelow.set(folder, names);
    return names;
  }

  /** A search that went through all places before this step, and took nothing there. */
  #passOver(order: SearchStep | undefined, name: string, until: SearchStep): void {
    this.#note(order, name, until);
    for (const place of this.#places.possible(order, name)) {
      if (this.#orders.lengthOf(place.at) <= this.#orders.lengthOf(until)) return;
      if (!this.#places.isThereOrNoted(place)) continue;
      this.#passedOver.add(place.file);
      this.#files.set(placeKey(place.folder, place.name), place);
    }
  }

  /** The absence of names that lists of folders do not show is noted one by one. */
  #note(order: SearchStep | undefined, name: string, until: SearchStep | undefined): void {
    if (this.#places.stepsOf(name)) this.#log.note(order, name, until);
  }

  /**
   * Whether a place has a header that was included. A path with `..` in it can name such a header and still lead nowhere,
   * as long as a folder on the way is missing.
   */
  #isIncluded(place: Place): boolean {
    if (!this.#included.has(place.identity)) return false;
    return this.#reported.has(place.file) || this.#places.isThere(place);
  }
}
