/** Lists the contents of the cache folder with sizes and times of the last use, in one pass with two calls a file. */
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { errorCode } from '../../util/busy-retry.ts';
import {
  ARTIFACT_FILE,
  hashesBeside,
  indexOfEntry,
  isLearntLockName,
  isLearntName,
  isLockName,
  isManifestName,
  isSectionName,
  isTemporaryName,
  type Layout,
  manifestOfHashes,
} from './layout.ts';

/** A manifest with its remembered hashes, the folder of an entry, or a file of what was learnt. */
export interface StoredItem {
  readonly path: string;
  /** The size of all its files, in bytes. */
  readonly bytes: number;
  /** The modification time of the manifest or of the artifact's index, in milliseconds. Every use sets it. */
  readonly lastUsed: number;
}

export type SectionKind = 'manifests' | 'objects' | 'learnt';

/** A folder whose items are counted under one digit, the first of their keys. */
export interface SectionFolder {
  readonly path: string;
  readonly kind: SectionKind;
  readonly digit: string;
}

export interface Section extends SectionFolder {
  readonly items: readonly StoredItem[];
  /** Items of no use: remembered hashes without a manifest, and what was learnt and not written again for a month. */
  readonly outdated: readonly StoredItem[];
  /** What a killed process left long ago: unfinished files and folders, and entries half removed. */
  readonly leftovers: readonly string[];
  /** What no version of clcache has put there, and its age in milliseconds. */
  readonly foreign: readonly { readonly path: string; readonly ageMs: number }[];
  /** Locks that were not touched for long, and files in the place of locks. */
  readonly oldLocks: readonly string[];
}

/** At this age a temporary file or a lock cannot be in use any more. */
export const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** Learnt files are written when there is something new. At this age the folder of headers may be gone. */
const UNUSED_AGE_MS = 30 * 24 * 60 * 60 * 1000;

export const DIGITS: readonly string[] = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

/** The digit under which a key is counted. */
function digitOf(name: string): string {
  return /^[0-9a-f]/.exec(name)?.[0] ?? '0';
}

/** The folders of all sections, or of those that are counted under one digit. Empty if there is no cache yet. */
export function listSections(layout: Layout, only?: string): SectionFolder[] {
  const keyed = (['manifests', 'objects'] as const).flatMap((kind) =>
    list(layout[kind])
      .filter((each) => each.isDirectory() && isSectionName(each.name))
      .map((each) => ({ kind, path: `${layout[kind]}/${each.name}`, digit: digitOf(each.name) })),
  );
  const learnt = [layout.compilers, layout.headers, layout.databases]
    .filter((path) => stat(path)?.isDirectory())
    .flatMap((path) => DIGITS.map((digit) => ({ kind: 'learnt' as const, path, digit })));
  return [...keyed, ...learnt].filter(({ digit }) => only === undefined || digit === only);
}

/** The names of the items in a section, and those of remembered hashes. */
export function fileNamesOfItems({ kind, path, digit }: SectionFolder): string[] {
  return list(path)
    .filter((each) => IS_ITEM[kind](each) && (kind !== 'learnt' || digitOf(each.name) === digit))
    .map(({ name }) => name);
}

const IS_ITEM: Readonly<Record<SectionKind, (each: Dirent) => boolean>> = {
  manifests: (each) =>
    each.isFile() && (isManifestName(each.name) || manifestOfHashes(each.name) !== undefined),
  objects: (each) => each.isDirectory() && !isTemporaryName(each.name) && !isLockName(each.name),
  learnt: (each) => each.isFile() && isLearntName(each.name),
};

/** Reads one section. What vanishes meanwhile is left out. */
export function surveySection(section: SectionFolder): Section {
  const found = { items: [], outdated: [], leftovers: [], foreign: [], oldLocks: [] } as {
    -readonly [Part in Exclude<keyof Section, keyof SectionFolder>]: Section[Part][number][];
  };
  const all = list(section.path);
  const names = new Set(all.filter((each) => each.isFile()).map(({ name }) => name));
  for (const each of all) {
    if (section.kind === 'learnt' && digitOf(each.name) !== section.digit) continue;
    const path = `${section.path}/${each.name}`;
    if (isLockName(each.name) || (section.kind === 'learnt' && isLearntLockName(each.name))) {
      if (isOld(path) || !each.isDirectory()) found.oldLocks.push(path);
    } else if (isTemporaryName(each.name)) {
      if (isOld(path)) found.leftovers.push(path);
    } else if (section.kind === 'manifests' && manifestOfHashes(each.name) !== undefined) {
      const isOrphan = !names.has(manifestOfHashes(each.name) ?? '');
      const manifest = manifestOfHashes(path) ?? '';
      if (isOrphan) found.outdated.push({ path: manifest, bytes: stat(path)?.size ?? 0, lastUsed: 0 });
    } else {
      const item = ITEM_AT[section.kind](path, each, names);
      if (!item) found.foreign.push({ path, ageMs: ageOf(path) ?? 0 });
      else if (section.kind === 'learnt' && isOld(path, UNUSED_AGE_MS)) found.outdated.push(item);
      else found.items.push(item);
    }
  }
  return { ...section, ...found };
}

/** The time of the last use, in milliseconds. Undefined if the item is gone. */
export function lastUseOf(kind: SectionKind, path: string): number | undefined {
  return stat(kind === 'objects' ? indexOfEntry(path) : path)?.mtimeMs;
}

/** Locks in a folder that were not touched for long, and files in the place of locks. */
export function locksIn(folder: string): string[] {
  return list(folder)
    .filter((each) => isLockName(each.name))
    .filter((each) => isOld(`${folder}/${each.name}`) || !each.isDirectory())
    .map((each) => `${folder}/${each.name}`);
}

/** Old temporary files in a folder. */
export function leftoversIn(folder: string): string[] {
  return list(folder)
    .filter((each) => isTemporaryName(each.name))
    .map((each) => `${folder}/${each.name}`)
    .filter((path) => isOld(path));
}

/** The folders in a folder, without links. */
export function foldersBelow(parent: string): string[] {
  return list(parent)
    .filter((each) => each.isDirectory())
    .map((each) => `${parent}/${each.name}`);
}

/** Files in a folder that were not written within this time, in milliseconds. */
export function olderThan(age: number, folder: string): string[] {
  return list(folder)
    .map((each) => `${folder}/${each.name}`)
    .filter((path) => isOld(path, age));
}

type FindItem = (path: string, found: Dirent, beside: ReadonlySet<string>) => StoredItem | undefined;

const ITEM_AT: Readonly<Record<SectionKind, FindItem>> = {
  manifests(path, found, beside) {
    const status = found.isFile() && isManifestName(found.name) ? stat(path) : undefined;
    if (!status) return undefined;
    const hasHashes = beside.has(hashesBeside(found.name));
    const bytes = status.size + (hasHashes ? (stat(hashesBeside(path))?.size ?? 0) : 0);
    return { path, bytes, lastUsed: status.mtimeMs };
  },
  /** An entry without its index cannot be used. It counts as unused for the longest time. */
  objects(path, found) {
    if (!found.isDirectory()) return undefined;
    let bytes = 0;
    let lastUsed = 0;
    for (const name of namesIn(path)) {
      const status = stat(`${path}/${name}`);
      if (!status?.isFile()) continue;
      bytes += status.size;
      if (name === ARTIFACT_FILE) lastUsed = status.mtimeMs;
    }
    return { path, bytes, lastUsed };
  },
  learnt(path, found) {
    const status = found.isFile() && isLearntName(found.name) ? stat(path) : undefined;
    return status && { path, bytes: status.size, lastUsed: status.mtimeMs };
  },
};

/** A time in the future counts as old as well: another clock set it, and waiting for it makes no sense. */
function isOld(path: string, age = LEFTOVER_AGE_MS): boolean {
  return Math.abs(ageOf(path) ?? 0) > age;
}

function ageOf(path: string): number | undefined {
  const status = stat(path);
  return status && Date.now() - status.mtimeMs;
}

/** Does not follow links, because what they lead to is not in the cache folder. */
function stat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Windows refuses access to a file that is being deleted.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function list(folder: string): Dirent[] {
  return stat(folder)?.isDirectory() === true
    ? orNone(() => readdirSync(folder, { withFileTypes: true }))
    : [];
}

/** For what is known to be a folder: it takes half the time of `list`. */
function namesIn(folder: string): string[] {
  return orNone(() => readdirSync(folder));
}

function orNone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}
