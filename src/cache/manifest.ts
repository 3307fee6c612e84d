import type { Digest } from '../hash/digest.ts';
import { openSealedJson, sealJson } from '../hash/sealed-json.ts';
import { FORMATS } from '../util/formats.ts';
import { isJsonObject, isParsable, stableStringify } from '../util/json.ts';
import { numberIn } from '../util/numbering.ts';
import { inFolder } from '../util/paths.ts';
import { type PackedSearches, readPackedSearches } from './packed-searches.ts';

/**
 * The manifest of a manifest key lists artifacts, and for each of them the state of the files that it was made from.
 *
 * On disk it is sealed JSON:
 *
 *     { "format": <number>,
 *       "folders":  ["?0/", "/usr/include/", …],
 *       "paths":    [0, "a.h", 1, "stdio.h", …],
 *       "states":   [0, "<digest>", 1, "", 2, "+", …],
 *       "searches": [<packed searches>, …],
 *       "entries":  [{"artifact": "<key>", "states": [0, 12, 13, 1, …], "searches"?: 0, "binding"?: "<digest>",
 *                     "view"?: "<name>", "volatile"?: true}, …] }
 *
 * `paths` pairs the number of a folder with a name. `states` pairs the number of a path with the required state: a
 * digest of the contents, '' for absent (a header that would be found first), '/' for no file (a folder has the name of
 * such a header), '+' for present (`__has_include` found it), '@' and the second of its last change for a file of a
 * precompiled header. An entry names its states as runs: the number of the first one and how many, and so on. All of
 * them must hold, and its searches too. Entries share most states and searches, so that 100 entries of 400 headers make
 * a small file, and each header is checked once. The most recently used entry comes first.
 */
const FORMAT = FORMATS.manifest;

/**
 * The Python clcache wrote this limit down but never applied it. Large manifests made its locks time out (issue 251).
 */
export const MAXIMUM_ENTRIES = 100;

/** The largest text of a manifest, in bytes. A hundred entries of thousands of headers take a tenth of it. */
export const MAXIMUM_MANIFEST_SIZE = 32 * 1024 * 1024;

/**
 * The most states of one entry. A few bytes of runs could stand for billions of states, and a manifest from a store
 * must not fill the memory. A compile with more states is not written either.
 */
export const MAXIMUM_STATES = 65_536;

export const ABSENT = '';
export const PRESENT = '+';
/** The contents must have changed last in this second since 1970: clang compares it before it uses a precompiled header. */
export type Modified = `@${number}`;

export function modifiedIn(second: number): Modified {
  return `@${second}`;
}

/** There must be no file, but there may be a folder, as there was one. */
export const NO_FILE = '/';

/**
 * The state that a file must have for an entry to hold: a digest, a time, `ABSENT`, `PRESENT` or `NO_FILE`. The path is a
 * portable one.
 */
export interface FileState {
  readonly path: string;
  readonly state: Digest | Modified | typeof ABSENT | typeof PRESENT | typeof NO_FILE;
}

export interface ManifestEntry {
  readonly artifact: Digest;
  readonly states: readonly FileState[];
  /** Where its headers were looked for. Undefined if it depends on no search. */
  readonly searches?: PackedSearches;
  /** Set if the artifact holds paths of one tree: the digest of that tree's roots. Only that tree gets the artifact. */
  readonly binding?: Digest;
  /**
   * Set if the compiler wrote to stderr: the look of the terminal ('' for plain text). Only equal terminals get the
   * artifact.
   */
  readonly view?: string;
  /**
   * True if the files do not decide (time macros, computed `__has_include`). The preprocessed text is looked up
   * instead.
   */
  readonly volatile?: true;
}

export interface Manifest {
  readonly entries: readonly ManifestEntry[];
}

export const EMPTY_MANIFEST: Manifest = { entries: [] };

/** The manifest with this entry first, without an equal one, and with at most `MAXIMUM_ENTRIES`. */
export function withEntryFirst(manifest: Manifest, entry: ManifestEntry): Manifest {
  const others = manifest.entries.filter((other) => !isSameEntry(other, entry));
  return { entries: [entry, ...others].slice(0, MAXIMUM_ENTRIES) };
}

/** Whether two entries are for the same files and the same calls. */
export function isSameEntry(a: ManifestEntry, b: ManifestEntry): boolean {
  return (
    a.artifact === b.artifact &&
    a.binding === b.binding &&
    a.view === b.view &&
    a.volatile === b.volatile &&
    a.searches?.id === b.searches?.id &&
    a.states.length === b.states.length &&
    a.states.every((state, index) => {
      const other = b.states[index];
      return other !== undefined && other.path === state.path && other.state === state.state;
    })
  );
}

/** The text to be stored. */
export function encodeManifest(manifest: Manifest): string {
  const folders = new Map<string, number>();
  const paths: (number | string)[] = [];
  const pathNumbers = new Map<string, number>();
  const stateNumbers = new Map<string, number>();
  /** Entries that were decoded together share their state objects, so most are found without comparing them. */
  const known = new Map<FileState, number>();
  const states: (number | string)[] = [];
  const numberOfPath = (path: string) => {
    const known = pathNumbers.get(path);
    if (known !== undefined) return known;
    const { folder, name } = inFolder(path);
    paths.push(numberIn(folders, folder), name);
    return numberIn(pathNumbers, path);
  };
  const numberOfState = (fileState: FileState) => {
    let number = known.get(fileState);
    if (number !== undefined) return number;
    const pathNumber = numberOfPath(fileState.path);
    const name = `${pathNumber}:${fileState.state}`;
    if (!stateNumbers.has(name)) states.push(pathNumber, fileState.state);
    number = numberIn(stateNumbers, name);
    known.set(fileState, number);
    return number;
  };
  const searchNumbers = new Map<string, number>();
  const searches: PackedSearches[] = [];
  const entries = manifest.entries.map(({ searches: own, ...entry }) => {
    if (own && !searchNumbers.has(own.id)) searches.push(own);
    return {
      ...entry,
      states: runsOf(entry.states, numberOfState),
      ...(own && { searches: numberIn(searchNumbers, own.id) }),
    };
  });
  const tables = { folders: [...folders.keys()], paths, states, searches };
  return sealJson(stableStringify({ format: FORMAT, ...tables, entries }));
}

/**
 * As `encodeManifest`, but drops the least recently used entries until the text is within the limits of the decoder.
 */
export function encodeWithinLimits(manifest: Manifest): string {
  for (let { entries } = manifest; ; entries = entries.slice(0, Math.floor(entries.length / 2))) {
    const text = encodeManifest({ entries });
    if (Buffer.byteLength(text) <= MAXIMUM_MANIFEST_SIZE && isParsable(text)) return text;
  }
}

function runsOf(states: readonly FileState[], numberOf: (state: FileState) => number): number[] {
  const runs: number[] = [];
  let first = 0;
  let length = 0;
  for (const state of states) {
    const number = numberOf(state);
    if (length > 0 && number === first + length) length++;
    else {
      if (length > 0) runs.push(first, length);
      first = number;
      length = 1;
    }
  }
  if (length > 0) runs.push(first, length);
  return runs;
}

/** The manifest that `encodeManifest` wrote. Undefined for every other text. */
export function decodeManifest(text: string): Manifest | undefined {
  const json = openSealedJson(text);
  if (!isJsonObject(json) || json['format'] !== FORMAT) return undefined;
  const { searches, entries } = json;
  const known = decodeStates(json);
  if (!known || !Array.isArray(searches) || !Array.isArray(entries)) return undefined;
  const packed = searches.map(readPackedSearches);
  if (entries.length > MAXIMUM_ENTRIES) return undefined;
  const decoded: ManifestEntry[] = [];
  for (const entry of entries) {
    const one = decodeEntry(entry, known, packed);
    if (!one) return undefined;
    decoded.push(one);
  }
  return { entries: decoded };
}

function decodeStates({
  folders,
  paths,
  states,
}: Readonly<Record<string, unknown>>): FileState[] | undefined {
  if (!Array.isArray(folders) || !Array.isArray(paths) || !Array.isArray(states)) return undefined;
  const known: FileState[] = [];
  for (let index = 0; index < states.length; index += 2) {
    const at = 2 * Number(states[index]);
    const folder: unknown = folders[paths[at]];
    const name: unknown = paths[at + 1];
    const state: unknown = states[index + 1];
    if (typeof folder !== 'string' || typeof name !== 'string' || typeof state !== 'string') return undefined;
    known.push({ path: folder + name, state: state as FileState['state'] });
  }
  return known;
}

function decodeEntry(
  json: unknown,
  known: readonly FileState[],
  packed: readonly (PackedSearches | undefined)[],
): ManifestEntry | undefined {
  if (!isJsonObject(json)) return undefined;
  const searches = packed[Number(json['searches'])];
  if (json['searches'] !== undefined && !searches) return undefined;
  const { artifact, states, binding, view } = json;
  if (typeof artifact !== 'string' || !Array.isArray(states)) return undefined;
  const own: FileState[] = [];
  for (let index = 0; index < states.length; index += 2) {
    const [first, length] = [states[index], states[index + 1]];
    if (!isCount(first) || !isCount(length) || length === 0) return undefined;
    if (first + length > known.length || own.length + length > MAXIMUM_STATES) return undefined;
    for (const state of known.slice(first, first + length)) own.push(state);
  }
  return {
    artifact: artifact as Digest,
    states: own,
    ...(searches && { searches }),
    ...(typeof binding === 'string' ? { binding: binding as Digest } : {}),
    ...(typeof view === 'string' ? { view } : {}),
    ...(json['volatile'] === true ? { volatile: true } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
