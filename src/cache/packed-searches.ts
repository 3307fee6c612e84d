import type { NamedPlace, NameSearch, Searches, SearchStep, WatchedFolder } from '../files/searches.ts';
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
 *       "passedOver": "0 4 …" }            folder and name
 */
export interface PackedSearches {
  readonly id: Digest;
  readonly words: readonly string[];
  readonly watched: string;
  readonly steps: string;
  readonly searches: string;
  readonly passedOver: string;
}

const NONE = -1;

/** Packs searches. `portable` gives the form of a folder's path that is stored. */
export function packSearches(
  { searches, passedOver, watched }: Searches,
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
    const unknown: SearchStep[] = [];
    for (let one: SearchStep | undefined = first; one && !steps.has(one); one = one.next) unknown.push(one);
    for (const one of unknown.reverse()) {
      stepRows.push(folderWord(one.folder), one.next === undefined ? NONE : numberIn(steps, one.next));
      numberIn(steps, one);
    }
    return numberIn(steps, first);
  };
  const rows = searches.flatMap(({ name, from, until }) => {
    const start = step(from);
    return [word(name), start, until === undefined ? NONE : step(until)];
  });
  const packed = {
    watched: texts(
      watched.flatMap(({ folder, below }) => [folderWord(folder), below === '' ? NONE : word(below)]),
    ),
    searches: texts(rows),
    steps: texts(stepRows),
    passedOver: texts(passedOver.flatMap(({ folder, name }) => [folderWord(folder), word(name)])),
  };
  const list = [...words.keys()];
  const id = digestOfParts([...Object.values(packed), ...list]);
  return { id, words: list, ...packed };
}

/** The folders that must not change. Throws if the text was not packed here. */
export function watchedFolders({ words, watched }: PackedSearches): WatchedFolder[] {
  return inGroups(watched, 2, ([folder, below]) => ({
    folder: at(words, folder),
    below: below === NONE ? '' : at(words, below),
  }));
}

/** The searches that were packed, for names that `isAsked` takes. Throws if the text was not packed here. */
export function unpackSearches(
  packed: PackedSearches,
  isAsked: (name: string) => boolean = () => true,
): Searches {
  const { words } = packed;
  const steps: SearchStep[] = [];
  inGroups(packed.steps, 2, ([folder, next]) =>
    steps.push({ folder: at(words, folder), next: next === NONE ? undefined : at(steps, next) }),
  );
  const asked = words.map(isAsked);
  const searches: NameSearch[] = [];
  inGroups(packed.searches, 3, ([name, from, until]) => {
    if (asked[name] === false) return;
    searches.push({
      name: at(words, name),
      from: at(steps, from),
      until: until === NONE ? undefined : at(steps, until),
    });
  });
  return {
    searches,
    passedOver: inGroups(
      packed.passedOver,
      2,
      ([folder, name]): NamedPlace => ({ folder: at(words, folder), name: at(words, name) }),
    ),
    watched: watchedFolders(packed),
  };
}

/** The packed searches in a manifest's JSON. Undefined for everything else. */
export function readPackedSearches(json: unknown): PackedSearches | undefined {
  if (!isJsonObject(json)) return undefined;
  const { id, words, watched, steps, searches, passedOver } = json;
  if (!Array.isArray(words) || !words.every((one) => typeof one === 'string')) return undefined;
  if (![id, watched, steps, searches, passedOver].every((one) => typeof one === 'string')) return undefined;
  return json as unknown as PackedSearches;
}

function texts(numbers: readonly number[]): string {
  return numbers.join(' ');
}

function inGroups<Made>(text: string, size: 2 | 3, make: (group: [number, number, number]) => Made): Made[] {
  const numbers = text === '' ? [] : text.split(' ').map(Number);
  const made: Made[] = [];
  for (let first = 0; first < numbers.length; first += size) {
    const [one = NONE, two = NONE, three = NONE] = numbers.slice(first, first + size);
    made.push(make([one, two, three]));
  }
  return made;
}

function at<Thing>(list: readonly Thing[], number: number): Thing {
  const thing = list[number];
  if (thing === undefined) throw new RangeError(`no number ${number} in a manifest's searches`);
  return thing;
}
