/** What lies in the cache folder, how large it is and when it was last used: one pass, two file calls a file. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { errorCode } from '../../util/busy-retry.ts';
import { ARTIFACT_FILE, isTemporaryName, type Layout, SECTION_LOCK } from './layout.ts';

/** A manifest, or the folder of an entry. */
export interface StoredItem {
  readonly path: string;
  /** All of its files, in bytes. */
  readonly bytes: number;
  /** Modification time of the manifest or of the artifact, in milliseconds: set on every use. */
  readonly lastUsed: number;
}

export interface Section {
  readonly path: string;
  readonly kind: 'manifests' | 'objects';
  readonly items: readonly StoredItem[];
  /** What a killed process left: half-written files and folders, entries half removed. */
  readonly leftovers: readonly string[];
  /** Locks that nobody has touched for long. */
  readonly oldLocks: readonly string[];
}

/** Age from which on a temporary file or a lock cannot be in use any more. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** The folders of all sections; none if there is no cache yet. */
export function listSections(layout: Layout): Pick<Section, 'path' | 'kind'>[] {
  return (['manifests', 'objects'] as const).flatMap((kind) =>
    list(layout[kind])
      .filter((each) => each.isDirectory() && each.name.length === 2)
      .map((each) => ({ kind, path: `${layout[kind]}/${each.name}` })),
  );
}

/** Reads one section. What vanishes meanwhile is left out. */
export function surveySection(section: Pick<Section, 'path' | 'kind'>): Section {
  const items: StoredItem[] = [];
  const leftovers: string[] = [];
  const oldLocks: string[] = [];
  for (const each of list(section.path)) {
    const path = `${section.path}/${each.name}`;
    if (each.name.startsWith(SECTION_LOCK)) {
      if (isOld(path)) oldLocks.push(path);
    } else if (isTemporaryName(each.name)) {
      if (isOld(path)) leftovers.push(path);
    } else {
      const item = section.kind === 'objects' ? entryAt(path, each) : manifestAt(path, each);
      if (item !== undefined) items.push(item);
    }
  }
  return { ...section, items, leftovers, oldLocks };
}

/** When the item was last used, in milliseconds; undefined if it is gone. */
export function lastUseOf(kind: Section['kind'], path: string): number | undefined {
  return stat(kind === 'objects' ? `${path}/${ARTIFACT_FILE}` : path)?.mtimeMs;
}

/** Temporary files in the folders below one of ours. */
export function leftoversBelow(parent: string): string[] {
  return list(parent)
    .map((each) => `${parent}/${each.name}`)
    .flatMap((folder) =>
      list(folder)
        .filter((each) => isTemporaryName(each.name))
        .map((each) => `${folder}/${each.name}`),
    )
    .filter((path) => isOld(path));
}

/** What was learnt of a folder of headers is written when something new is learnt; the folder may be gone by now. */
const UNUSED_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** Files of a folder without sections that have not been written for a month: they are made again when needed. */
export function unusedIn(folder: string): string[] {
  return list(folder)
    .map((each) => `${folder}/${each.name}`)
    .filter((path) => isOld(path, UNUSED_AGE_MS));
}

function manifestAt(path: string, found: Dirent): StoredItem | undefined {
  const status = found.isFile() && found.name.endsWith('.json') ? stat(path) : undefined;
  return status && { path, bytes: status.size, lastUsed: status.mtimeMs };
}

/** An entry without its artifact cannot be used, and so has not been for the longest time. */
function entryAt(path: string, found: Dirent): StoredItem | undefined {
  if (!found.isDirectory()) return undefined;
  let bytes = 0;
  let lastUsed = 0;
  for (const file of list(path)) {
    const status = stat(`${path}/${file.name}`);
    if (status === undefined) continue;
    bytes += status.size;
    if (file.name === ARTIFACT_FILE) lastUsed = status.mtimeMs;
  }
  return { path, bytes, lastUsed };
}

function isOld(path: string, age = LEFTOVER_AGE_MS): boolean {
  const status = stat(path);
  return status !== undefined && Date.now() - status.mtimeMs > age;
}

function stat(path: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Windows refuses a file that is being deleted.
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}
