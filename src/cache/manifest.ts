import type { Digest } from '../hash/digest.ts';
import { isJsonObject, stableStringify } from '../util/json.ts';
import { openSealedJson, sealJson } from './sealed-json.ts';

/**
 * A manifest says, for one manifest key, which artifacts there are and what the files they were made from looked like.
 *
 * On disk it is sealed JSON:
 *
 *     { "format": 1,
 *       "paths":   ["?0/a.h", "/usr/include/stdio.h", …],
 *       "states":  [[0, "<digest>"], [1, ""], [2, "+"], …],
 *       "entries": [{"artifact": "<key>", "states": [0, 1, …], "binding"?: "<digest>", "volatile"?: true}, …] }
 *
 * `states` pairs a path with what it must be: a digest of its contents, '' for absent (a header that would be found
 * first), '+' for merely present (what `__has_include` saw). An entry lists the states that must all hold. Hundreds of
 * entries share most of theirs, so 100 entries of 400 headers stay a small file and each file is checked once.
 * Entries stand newest used first.
 */
const FORMAT = 1;

/** The original wrote this cap down but never applied it; unbounded manifests made its locks time out (issue 251). */
export const MAXIMUM_ENTRIES = 100;

export const ABSENT = '';
export const PRESENT = '+';

/** What one file must be for an entry to hold: a digest, `ABSENT` or `PRESENT`. The path is a portable one. */
export interface FileState {
  readonly path: string;
  readonly state: Digest | typeof ABSENT | typeof PRESENT;
}

export interface ManifestEntry {
  readonly artifact: Digest;
  readonly states: readonly FileState[];
  /** Set when the artifact holds paths of one tree: the digest of that tree's roots. It serves no other tree. */
  readonly binding?: Digest;
  /** True when the files alone do not decide (time macros, computed `__has_include`): look up by preprocessed text. */
  readonly volatile?: true;
}

export interface Manifest {
  readonly entries: readonly ManifestEntry[];
}

export const EMPTY_MANIFEST: Manifest = { entries: [] };

/** The manifest with this entry first, an equal one removed, capped at `MAXIMUM_ENTRIES`. */
export function withEntryFirst(manifest: Manifest, entry: ManifestEntry): Manifest {
  const others = manifest.entries.filter((other) => !isSameEntry(other, entry));
  return { entries: [entry, ...others].slice(0, MAXIMUM_ENTRIES) };
}

function isSameEntry(a: ManifestEntry, b: ManifestEntry): boolean {
  return (
    a.artifact === b.artifact &&
    a.binding === b.binding &&
    a.volatile === b.volatile &&
    a.states.length === b.states.length &&
    a.states.every((state, index) => {
      const other = b.states[index];
      return other !== undefined && other.path === state.path && other.state === state.state;
    })
  );
}

/** The text to store. */
export function encodeManifest(manifest: Manifest): string {
  const pathNumbers = new Map<string, number>();
  const stateNumbers = new Map<string, number>();
  const states: [number, string][] = [];
  const numberOfPath = (path: string) => {
    const known = pathNumbers.get(path);
    if (known !== undefined) return known;
    pathNumbers.set(path, pathNumbers.size);
    return pathNumbers.size - 1;
  };
  const numberOfState = ({ path, state }: FileState) => {
    const pathNumber = numberOfPath(path);
    const name = `${pathNumber}:${state}`;
    const known = stateNumbers.get(name);
    if (known !== undefined) return known;
    stateNumbers.set(name, states.length);
    states.push([pathNumber, state]);
    return states.length - 1;
  };
  const entries = manifest.entries.map((entry) => ({ ...entry, states: entry.states.map(numberOfState) }));
  return sealJson(stableStringify({ format: FORMAT, paths: [...pathNumbers.keys()], states, entries }));
}

/** What `encodeManifest` wrote; undefined for anything else: a broken manifest is no manifest. */
export function decodeManifest(text: string): Manifest | undefined {
  const json = openSealedJson(text);
  if (!isJsonObject(json) || json['format'] !== FORMAT) return undefined;
  const { paths, states, entries } = json;
  if (!Array.isArray(paths) || !Array.isArray(states) || !Array.isArray(entries)) return undefined;
  const known: FileState[] = [];
  for (const pair of states) {
    const path: unknown = Array.isArray(pair) ? paths[pair[0]] : undefined;
    if (typeof path !== 'string' || typeof pair[1] !== 'string') return undefined;
    known.push({ path, state: pair[1] as FileState['state'] });
  }
  const decoded: ManifestEntry[] = [];
  for (const entry of entries) {
    const one = decodeEntry(entry, known);
    if (!one) return undefined;
    decoded.push(one);
  }
  return { entries: decoded };
}

function decodeEntry(json: unknown, known: readonly FileState[]): ManifestEntry | undefined {
  if (!isJsonObject(json)) return undefined;
  const { artifact, states, binding } = json;
  if (typeof artifact !== 'string' || !Array.isArray(states)) return undefined;
  const own: FileState[] = [];
  for (const number of states) {
    const state = known[number];
    if (!state) return undefined;
    own.push(state);
  }
  return {
    artifact: artifact as Digest,
    states: own,
    ...(typeof binding === 'string' ? { binding: binding as Digest } : {}),
    ...(json['volatile'] === true ? { volatile: true } : {}),
  };
}
