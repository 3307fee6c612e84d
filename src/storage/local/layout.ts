/**
 * Every path in the cache folder.
 *
 *   <cacheDirectory>/config.txt                     the settings, shared with the Python clcache
 *   <cacheDirectory>/v1/                            everything else; another format gets another folder
 *     manifests/<2 hex>/<manifest key>.json         .lock beside them is the lock of the section
 *     manifests/<2 hex>/<manifest key>.hashes       remembered hashes of the files that the manifest names
 *     objects/<2 hex>/<object key>/                 an entry: artifact.json (its mtime is the last use), object, output.txt …
 *     objects/<2 hex>/<object key>.<random>.tmp     an entry being written or removed
 *     statistics/<hex>/                             16 sections: counters.json, remotes.json, .lock
 *     compilers/<name>.json                         what was learnt of a compiler
 *     headers/<name>.json                           what was learnt of the files in a folder
 *     calls/<random>.tmp/                           a store for one call
 *     remotes/<name>.json                           the last failures of a shared store
 *     cleaning.lock                                 held by the one process that cleans
 *
 * The files of the Python clcache at the top (manifests/, objects/, stats.txt) are never touched.
 */

import { TEMPORARY_SUFFIX } from '../../util/random-name.ts';

/** Raise this number if a stored format changes so that older programs would misread it. */
export const FORMAT = 1;

const SECTION_LENGTH = 2;

/** How many folders from the format's folder down to a section belong to clcache. The folders above are the user's. */
export const LEVELS_OF_SECTIONS = 3;
/** The same for a folder without sections. */
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
  /** Stores for one call; see `remote/transient-folder.ts`. */
  readonly calls: string;
  /** The last failures of shared stores; see `remote/health.ts`. */
  readonly remotes: string;
  readonly cleaningLock: string;
}

/** The index of an entry. The other files are named after the role of the output. */
export const ARTIFACT_FILE = 'artifact.json';
export const SECTION_LOCK = '.lock';

/** The paths below a cache folder. `/` works on Windows as well, and joining with it is cheap. */
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

/** The section of a key: its first two digits. */
export function sectionOf(key: string): string {
  return key.slice(0, SECTION_LENGTH);
}

export function manifestFile(layout: Layout, key: string): string {
  return `${layout.manifests}/${sectionOf(key)}/${key}.json`;
}

/** The lock for changes of the manifests in the section of `key`. */
export function manifestLock(layout: Layout, key: string): string {
  return `${layout.manifests}/${sectionOf(key)}/${SECTION_LOCK}`;
}

/** The folder of an entry. */
export function entryFolder(layout: Layout, key: string): string {
  return `${layout.objects}/${sectionOf(key)}/${key}`;
}

/** The file with remembered hashes that belongs to a manifest. It lies beside it and is removed with it. */
export function hashesBeside(manifest: string): string {
  return manifest.replace(/\.json$/, '.hashes');
}

/** True for a name that only an unfinished write or removal leaves: clcache's own, and the `<file>.<digits>` of 5.0. */
export function isTemporaryName(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) || /\.(json|txt|hashes)\.\d+$/.test(name);
}
