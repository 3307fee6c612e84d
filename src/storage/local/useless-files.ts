/** Removes files in the cache folder that are of no use: left by killed processes, or put there by other programs. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { foldersOf, type Layout } from './layout.ts';
import { removeOldLocks } from './remove.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { foldersBelow, LEFTOVER_AGE_MS, leftoversIn, locksIn, olderThan, type Section } from './survey.ts';

/** Longer than any call, and longer than the failure of a store is remembered. */
const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_MS = 30 * DAY_MS;

/** True for a folder that is not a link. */
export function isOwnFolder(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/**
 * Removes what the survey found to be not clcache's, or left long ago. With `atOnce`, what is not clcache's is removed
 * at any age.
 */
export async function removeUselessFiles(
  layout: Layout,
  sections: readonly Section[],
  atOnce: boolean,
): Promise<void> {
  const statistics = foldersBelow(layout.statistics.folder);
  const { calls, reasons, remotes } = layout;
  const foreign = sections.flatMap((section) => section.foreign);
  removeLeftovers([
    ...sections.flatMap((section) => section.leftovers),
    ...foreign.filter(({ ageMs }) => atOnce || Math.abs(ageMs) > LEFTOVER_AGE_MS).map(({ path }) => path),
    ...[layout.cacheDirectory, layout.root, ...statistics].flatMap(leftoversIn),
    ...(isOwnFolder(calls) ? olderThan(DAY_MS, calls) : []),
    ...(isOwnFolder(remotes) ? olderThan(MONTH_MS, remotes) : []),
    ...(isOwnFolder(reasons) ? uselessReasons(reasons, atOnce) : []),
  ]);
  await removeOldLocks([...sections.flatMap((section) => section.oldLocks), ...statistics.flatMap(locksIn)]);
}

/** What is known of calls has no size that counts. It goes with the whole cache, and after a month without a miss. */
function uselessReasons(folder: string, atOnce: boolean): string[] {
  return foldersBelow(folder).flatMap((section) => (atOnce ? section : olderThan(MONTH_MS, section)));
}

/** Links and files in the place of clcache's folders. */
export function foreignAmongFolders(layout: Layout): string[] {
  const folders = foldersOf(layout);
  const inSections = folders.filter(({ path, isInSections }) => isInSections && isOwnFolder(path));
  const below = inSections.flatMap(({ path: folder }) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((each: Dirent) => !each.isDirectory())
      .map(({ name }) => `${folder}/${name}`),
  );
  const there = folders
    .map(({ path }) => path)
    .filter((path) => lstatSync(path, { throwIfNoEntry: false }) && !isOwnFolder(path));
  return [...there, ...below];
}
