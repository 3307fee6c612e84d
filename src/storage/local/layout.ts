/**
 * Every path in the cache folder.
 *
 *   <cacheDirectory>/config.txt                     the settings, shared with the original
 *   <cacheDirectory>/v1/                            all else; another format gets another folder, and is never misread
 *     manifests/<2 hex>/<manifest key>.json         .lock beside them is the lock of the section
 *     manifests/<2 hex>/<manifest key>.hashes       what was learnt of the files that the manifest names
 *     objects/<2 hex>/<object key>/                 an entry: artifact.json (its mtime is the last use), object, output.txt …
 *     objects/<2 hex>/<object key>.<random>.tmp     an entry being written or removed
 *     statistics/<hex>/                             16 sections: counters.json, remotes.json, .lock
 *     compilers/<name>.json                         what was learnt of a compiler
 *     headers/<name>.json                           what was learnt of the headers in a folder
 *     calls/<random>.tmp/                           a store for the length of one call
 *     remotes/<name>.json                           what went wrong with a shared store
 *     cleaning.lock                                 held by the one process that cleans
 *
 * What an original clcache keeps at the top (manifests/, objects/, stats.txt) is never touched.
 */

import { TEMPORARY_SUFFIX } from '../../util/random-name.ts';

/** Raised when a stored format changes so that older programs would misread it. */
export const FORMAT = 1;

const SECTION_LENGTH = 2;

/** How many folders of ours are on the way to a section, itself included: what is above them is the user's. */
export const LEVELS_OF_SECTIONS = 3;
/** And to a folder without sections. */
export const LEVELS_OF_LEARNT_FILES = 2;

export interface Layout {
  readonly cacheDirectory: string;
  readonly settingsFile: string;
  readonly root: string;
  readonly manifests: string;
  readonly objects: string;
  readonly statistics: string;
  readonly compilers: string;
  readonly headers: string;
  /** Stores for the length of one call; see `remote/transient-folder.ts`. */
  readonly calls: string;
  /** What went wrong with shared stores; see `remote/health.ts`. */
  readonly remotes: string;
  readonly cleaningLock: string;
}

/** Names of files in an entry; the others are named after the role of the output. */
export const ARTIFACT_FILE = 'artifact.json';
export const SECTION_LOCK = '.lock';

/** The paths below a cache folder. `/` serves on Windows too, and joining with it is cheap. */
export function layoutOf(cacheDirectory: string): Layout {
  const root = `${cacheDirectory}/v${FORMAT}`;
  return {
    cacheDirectory,
    settingsFile: `${cacheDirectory}/config.txt`,
    root,
    manifests: `${root}/manifests`,
    objects: `${root}/objects`,
    statistics: `${root}/statistics`,
    compilers: `${root}/compilers`,
    headers: `${root}/headers`,
    calls: `${root}/calls`,
    remotes: `${root}/remotes`,
    cleaningLock: `${root}/cleaning.lock`,
  };
}

/** The section a key lies in: its first two digits. */
export function sectionOf(key: string): string {
  return key.slice(0, SECTION_LENGTH);
}

export function manifestFile(layout: Layout, key: string): string {
  return `${layout.manifests}/${sectionOf(key)}/${key}.json`;
}

/** The lock around changes of the manifests in the section of `key`. */
export function manifestLock(layout: Layout, key: string): string {
  return `${layout.manifests}/${sectionOf(key)}/${SECTION_LOCK}`;
}

/** The folder of an entry. */
export function entryFolder(layout: Layout, key: string): string {
  return `${layout.objects}/${sectionOf(key)}/${key}`;
}

/** What was learnt of the files of a manifest key; lies beside the manifest, and goes with it. */
export function hashesBeside(manifest: string): string {
  return manifest.replace(/\.json$/, '.hashes');
}

/** True for a name that only an unfinished write or removal leaves: ours, and the `<file>.<digits>` of 5.0. */
export function isTemporaryName(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) || /\.(json|txt|hashes)\.\d+$/.test(name);
}
