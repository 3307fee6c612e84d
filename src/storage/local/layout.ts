/**
 * Every path in the cache folder. No other file puts one together.
 *
 *   <cacheDirectory>/config.txt                     the settings, shared with the Python clcache (`config/settings-file.ts`)
 *   <cacheDirectory>/config.txt.old                 the settings as they were, if clcache could not keep all of them
 *   <cacheDirectory>/config.txt.lock                held while the settings are written
 *   <cacheDirectory>/integration/                   files for build systems, if clcache was copied without them
 *   <cacheDirectory>/v1/                            everything else; another format gets another folder
 *     manifests/<2 hex>/<manifest key>.json         .lock beside them is the lock of the section
 *     manifests/<2 hex>/<manifest key>.hashes       remembered hashes of the files that the manifest names
 *     objects/<2 hex>/<object key>/                 an entry: artifact.json (its mtime is the last use), object, output.txt …
 *     objects/<2 hex>/<object key>.<random>.tmp     an entry being written or replaced
 *     removed.<random>.tmp/                         entries and files being removed
 *     statistics/<hex>/                             16 sections: counters.json, remotes.json, .lock
 *     compilers/<name>.json                         what was learnt of a compiler
 *     headers/<name>.json                           what was learnt of the files in folders near each other
 *     databases/<name>.json                           whose a program database is
 *     reasons/<2 hex>/<name>.json                   the last calls for a source that were no hits
 *     calls/<random>.tmp/                           a store for one call
 *     remotes/<name>.json                           the last failures of a shared store
 *     offers/<2 hex>.json                           what was offered to shared stores
 *     cleaning.lock                                 held by the one process that cleans
 *
 * The files of the Python clcache at the top (manifests/, objects/, stats.txt) are never touched.
 */

import { type ArtifactRole, FILE_NAMES } from '../../cache/artifact.ts';
import { settingsFileIn, settingsLockOf } from '../../config/settings-file.ts';
import { FORMATS } from '../../util/formats.ts';
import { TEMPORARY_SUFFIX } from '../../util/random-name.ts';

const SECTION_LENGTH = 2;
const STATISTICS_SECTIONS = '0123456789abcdef'.split('');

/** How many folders from the format's folder down to a section belong to clcache. The folders above are the user's. */
export const LEVELS_OF_SECTIONS = 3;
/** The same for a folder without sections. */
export const LEVELS_OF_LEARNT_FILES = 2;
/** The same for a folder of files for a build system, from the cache folder down. */
export const LEVELS_OF_INTEGRATION = 2;

export interface Layout {
  readonly cacheDirectory: string;
  readonly settingsFile: string;
  readonly settingsLock: string;
  readonly root: string;
  readonly manifests: string;
  readonly objects: string;
  readonly statistics: StatisticsLayout;
  readonly compilers: string;
  readonly headers: string;
  readonly databases: string;
  /** Why calls were no hits; see `reason-files.ts`. */
  readonly reasons: string;
  /** Stores for one call; see `remote/transient-folder.ts`. */
  readonly calls: string;
  /** The last failures of shared stores; see `remote/health.ts`. */
  readonly remotes: string;
  /** What was offered to shared stores; see `remote/offers.ts`. */
  readonly offers: string;
  readonly cleaningLock: string;
  readonly integration: string;
}

/** What the counters take as their place (`StatisticsPlace`), with the folder of all sections. */
export type StatisticsLayout = ReturnType<typeof statisticsBelow>;

/** The index of an entry. The other files are named after the role of the output. */
export const ARTIFACT_FILE = 'artifact.json';
const LOCK = '.lock';
const MANIFEST = '.json';
const HASHES = '.hashes';
const LEARNT = '.json';
const REMOVED = 'removed';

/** The paths below a cache folder. `/` works on Windows as well, and joining with it is cheap. */
export function layoutOf(cacheDirectory: string): Layout {
  const root = `${cacheDirectory}/v${FORMATS.layout}`;
  const settingsFile = settingsFileIn(cacheDirectory);
  return {
    cacheDirectory,
    settingsFile,
    settingsLock: settingsLockOf(settingsFile),
    root,
    manifests: `${root}/manifests`,
    objects: `${root}/objects`,
    statistics: statisticsBelow(`${root}/statistics`),
    compilers: `${root}/compilers`,
    headers: `${root}/headers`,
    databases: `${root}/databases`,
    reasons: `${root}/reasons`,
    calls: `${root}/calls`,
    remotes: `${root}/remotes`,
    offers: `${root}/offers`,
    cleaningLock: `${root}/cleaning.lock`,
    integration: `${cacheDirectory}/integration`,
  };
}

/** The counters below a folder. */
export function statisticsBelow(folder: string) {
  const section = (name: string) => {
    const path = `${folder}/${name}`;
    return {
      folder: path,
      levels: LEVELS_OF_SECTIONS,
      lock: lockIn(path),
      counters: `${path}/counters.json`,
      remotes: `${path}/remotes.json`,
    };
  };
  return {
    folder,
    sections: () => STATISTICS_SECTIONS.map(section),
  };
}

/** The folders of clcache. Those in sections have nothing but folders in them. */
export function foldersOf(
  layout: Layout,
): readonly { readonly path: string; readonly isInSections: boolean }[] {
  const { manifests, objects, statistics, reasons, compilers, headers, databases, calls, remotes, offers } =
    layout;
  return [
    ...[manifests, objects, statistics.folder, reasons].map((path) => ({ path, isInSections: true })),
    ...[compilers, headers, databases, calls, remotes, offers].map((path) => ({ path, isInSections: false })),
  ];
}

/** The section of a key: its first two digits. */
export function sectionOf(key: string): string {
  return key.slice(0, SECTION_LENGTH);
}

export function isSectionName(name: string): boolean {
  return name.length === SECTION_LENGTH;
}

export function manifestFile(layout: Layout, key: string): string {
  return `${layout.manifests}/${sectionOf(key)}/${key}${MANIFEST}`;
}

/** The lock for changes of the manifests in the section of `key`. */
export function manifestLock(layout: Layout, key: string): string {
  return lockIn(`${layout.manifests}/${sectionOf(key)}`);
}

/** The lock of the section in this folder. */
export function lockIn(folder: string): string {
  return `${folder}/${LOCK}`;
}

/** True for a lock of a section, and for what taking it leaves beside it. */
export function isLockName(name: string): boolean {
  return name.startsWith(LOCK);
}

/** True for the name or path of a manifest. */
export function isManifestName(name: string): boolean {
  return name.endsWith(MANIFEST);
}

/** The key of a manifest or of an entry. */
export function keyOfItem(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return isManifestName(name) ? name.slice(0, -MANIFEST.length) : name;
}

/** The file with remembered hashes that belongs to a manifest. It lies beside it and is removed with it. */
export function hashesBeside(manifest: string): string {
  return isManifestName(manifest) ? manifest.slice(0, -MANIFEST.length) + HASHES : manifest;
}

/** The name or path of the manifest to which remembered hashes belong. Undefined for any other name. */
export function manifestOfHashes(name: string): string | undefined {
  return name.endsWith(HASHES) ? name.slice(0, -HASHES.length) + MANIFEST : undefined;
}

/** The folder of an entry. */
export function entryFolder(layout: Layout, key: string): string {
  return `${layout.objects}/${sectionOf(key)}/${key}`;
}

/** The index of the entry in this folder. */
export function indexOfEntry(folder: string): string {
  return `${folder}/${ARTIFACT_FILE}`;
}

/** The file of an output in the folder of an entry. */
export function outputOfEntry(folder: string, role: ArtifactRole): string {
  return `${folder}/${FILE_NAMES[role]}`;
}

/** A file with what was learnt, in one of the folders for such files: of a compiler, of headers, of a store. */
export function learntFile(folder: string, name: string): string {
  return `${folder}/${name}${LEARNT}`;
}

/** The file of a source in the folder of reasons, whose name is a digest. */
export function reasonFile(folder: string, name: string): string {
  return `${folder}/${sectionOf(name)}/${name}${LEARNT}`;
}

/** The lock for learning it. */
export function learntLock(folder: string, name: string): string {
  return `${learntFile(folder, name)}${LOCK}`;
}

/** True for a lock for learning, and for what taking it leaves beside it. */
export function isLearntLockName(name: string): boolean {
  return name.includes(`${LEARNT}${LOCK}`);
}

export function isLearntName(name: string): boolean {
  return name.endsWith(LEARNT);
}

/** What a folder for one call is named after (`temporarySibling`). */
export function callFolder({ calls }: Pick<Layout, 'calls'>): string {
  return `${calls}/call`;
}

/** What a folder of what is being removed is named after (`temporarySibling`). */
export function removedFolder({ root }: Pick<Layout, 'root'>): string {
  return `${root}/${REMOVED}`;
}

/** True for the name of such a folder. */
export function isRemovedName(name: string): boolean {
  return name.startsWith(`${REMOVED}.`) && isTemporaryName(name);
}

/** True for a name that only an unfinished write or removal leaves: clcache's own, and the `<file>.<digits>` of 5.0. */
export function isTemporaryName(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) || /\.(json|txt|hashes)\.\d+$/.test(name);
}
