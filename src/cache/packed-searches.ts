import type {
  FolderNaming,
  NamedPlace,
  NameSearch,
  Searches,
  SearchStep,
  WatchedFolder,
} from '../files/searches.ts';
import { type Digest, digestOfParts } from '../hash/digest.ts';
import { isJsonObject } from '../util/json.ts';
import { numberIn } from '../util/numbering.ts';

/**
 * The searches of a compile as a manifest holds them. They are taken as they are until a watched folder has changed, so
 * only the list of those folders is quick to read. Numbers stand in texts, separated by blanks:
 *
 *     { "id":         "<digest of the rest>",
 *       "words":      ["/usr/include", "stdio.h", …],
 *       "watched":    "0 -1 2 5 …",        folder, and what is below it (-1 for nothing): numbers of words
 *       "steps":      "0 -1 3 0 …",        folder, and the number of the next step (-1 for none), which comes earlier
 *       "searches":   "1 4 0 …",           name, the step where it begins, the step where it ends (-1 for none)
 *       "passedOver": "0 4 …",             folder and name
 *       "searched":   "0 1 …",             folders, each a number of a word
 *       "holding":    "3 0 …",
 *       "twins":      "7 8 …",             files
 *       "aliases":    ["0", "2^,=0", …] }  for each of these folders and files (see `aliasesOf`)
 */
export interface PackedSearches {
  readonly id: Digest;
  readonly words: readonly string[];
  readonly watched: string;
  readonly steps: string;
  readonly searches: string;
  readonly passedOver: string;
  readonly searched: string;
  readonly holding: string;
  readonly twins: string;
  readonly aliases: readonly string[];
}

const NONE = -1;

/** Packs searches. `portable` gives the form of a folder's path that is stored. */
export function packSearches(
  { searches, passedOver, watched, naming }: Searches,
  portable: (path: string) => string,
): PackedSearches {
  const words = new Map<string, number>();
  const steps = new Map<SearchStep, number>();
  const stepRows: number[] = [];
  const word = (text: string) => numberIn(words, text);
  const folders = new Map<string, number>();
  const folderWord = (path: string) => {
    const number = folders.get(path) ?? word(portable(path));
    folders.set(path, number);
    return number;
  };
  const step = (first: SearchStep): number => {
    const known = steps.get(first);
    if (known !== undefined) return known;
    const unknown: SearchStep[] = [];
    for (let one: SearchStep | undefined = first; one && !steps.has(one); one = one.next) unknown.push(one);
    for (const one of unknown.reverse()) {
      stepRows.push(folderWord(one.folder), one.next === undefined ? NONE : numberIn(steps, one.next));
      numberIn(steps, one);
    }
    return numberIn(steps, first);
  };
  const rows: number[] = [];
  for (const { name, from, until } of searches) {
    const start = step(from);
    rows.push(word(name), start, until === undefined ? NONE : step(until));
  }
  const packed = {
    watched: texts(
      watched.flatMap(({ folder, below }) => [folderWord(folder), below === '' ? NONE : word(below)]),
    ),
    searches: texts(rows),
    steps: texts(stepRows),
    passedOver: texts(passedOver.flatMap(({ folder, name }) => [folderWord(folder), word(name)])),
    searched: texts(naming.searched.map(folderWord)),
    holding: texts(naming.holding.map(folderWord)),
    twins: texts(naming.twins.map((path) => word(portable(path)))),
  };
  const list = [...words.keys()];
  const { aliases } = naming;
  const id = digestOfParts([...Object.values(packed), ...list, String(list.length), ...aliases]);
  return { id, words: list, ...packed, aliases };
}

/** The folders that must not change. Throws if the text was not packed here. */
export function watchedFolders({ words, watched }: PackedSearches): WatchedFolder[] {
  const numbers = numbersIn(watched);
  const folders: WatchedFolder[] = [];
  for (let row = 0; row < numbers.length; row += 2) {
    const below = numbers[row + 1];
    folders.push({ folder: at(words, numbers[row]), below: below === NONE ? '' : at(words, below) });
  }
  return folders;
}

/** The folders by which the compiler named the headers. Throws if the text was not packed here. */
export function namingIn({ words, searched, holding, twins, aliases }: PackedSearches): FolderNaming {
  const paths = (text: string) => numbersIn(text).map((number) => at(words, number));
  return { searched: paths(searched), holding: paths(holding), twins: paths(twins), aliases };
}

/** The names that were searched. Quicker to read than the searches. Throws if the text was not packed here. */
export function searchedNames({ words, searches }: PackedSearches): string[] {
  const numbers = numbersIn(searches);
  const names: string[] = [];
  for (let row = 0; row < numbers.length; row += 3) names.push(at(words, numbers[row]));
  return names;
}

/** The searches that were packed, for names that `isAsked` takes. Throws if the text was not packed here. */
export function unpackSearches(
  packed: PackedSearches,
  isAsked: (name: string) => boolean = () => true,
): Searches {
  const { words } = packed;
  const steps: SearchStep[] = [];
  const numbersOfSteps = numbersIn(packed.steps);
  for (let row = 0; row < numbersOfSteps.length; row += 2) {
    const next = numbersOfSteps[row + 1];
    steps.push({
      folder: at(words, numbersOfSteps[row]),
      next: next === NONE ? undefined : at(steps, next),
    });
  }
  const searches: NameSearch[] = [];
  const numbers = numbersIn(packed.searches);
  for (let row = 0; row < numbers.length; row += 3) {
    const name = at(words, numbers[row]);
    if (!isAsked(name)) continue;
    const until = numbers[row + 2];
    searches.push({
      name,
      from: at(steps, numbers[row + 1]),
      until: until === NONE ? undefined : at(steps, until),
    });
  }
  const passedOver: NamedPlace[] = [];
  const places = numbersIn(packed.passedOver);
  for (let row = 0; row < places.length; row += 2) {
    passedOver.push({ folder: at(words, places[row]), name: at(words, places[row + 1]) });
  }
  return { searches, passedOver, watched: watchedFolders(packed), naming: namingIn(packed) };
}

/** The packed searches in a manifest's JSON. Undefined for everything else. */
export function readPackedSearches(json: unknown): PackedSearches | undefined {
  if (!isJsonObject(json)) return undefined;
  const { id, words, watched, steps, searches, passedOver, searched, holding, twins, aliases } = json;
  if (!isTexts(words) || !isTexts(aliases)) return undefined;
  if (!isTexts([id, watched, steps, searches, passedOver, searched, holding, twins])) return undefined;
  return json as unknown as PackedSearches;
}

/** A hit asks this of thousands of words, for which calling a function takes twice the time. */
function isTexts(json: unknown): boolean {
  if (!Array.isArray(json)) return false;
  for (const one of json) if (typeof one !== 'string') return false;
  return true;
}

function texts(numbers: readonly number[]): string {
  return numbers.join(' ');
}

/** The numbers in a text. JSON's parser takes a tenth of the time that splitting the text takes. */
function numbersIn(text: string): unknown[] {
  return JSON.parse(`[${text.replaceAll(' ', ',')}]`);
}

function at<Thing>(list: readonly Thing[], number: unknown): Thing {
  const thing = typeof number === 'number' ? list[number] : undefined;
  if (thing === undefined) throw new RangeError(`no number ${number} in a manifest's searches`);
  return thing;
}
