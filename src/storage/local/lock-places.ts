import { lstatSync, readdirSync } from 'node:fs';
import { STALE_MS, takeoverGuardOf } from '../../util/lock-folder.ts';
import { foldersOf, isLearntLockName, isLockName, type Layout } from './layout.ts';
import { isOwnFolder } from './useless-files.ts';

/** A lock is held for milliseconds, and one for longer work is refreshed each second. So an old one is nobody's. */
const LEFT_MS = 10 * STALE_MS;

/**
 * The locks in the cache folder that killed processes left, with the guards beside them, and what else lies in the place
 * of a lock. Follows no links, and a folder that cannot be read has none.
 */
export function leftLocksOf(layout: Layout): string[] {
  const now = Date.now();
  return lockFoldersOf(layout).filter((path) => isLeft(path, now));
}

function lockFoldersOf(layout: Layout): string[] {
  const { settingsLock, cleaningLock, root } = layout;
  const ofSettings = [settingsLock, takeoverGuardOf(settingsLock)];
  if (!isOwnFolder(root)) return ofSettings;
  const inside = foldersOf(layout).flatMap(({ path, isInSections }) =>
    isInSections
      ? namesIn(path).flatMap((section) => locksIn(`${path}/${section}`, isLockName))
      : locksIn(path, isLearntLockName),
  );
  return [...ofSettings, cleaningLock, takeoverGuardOf(cleaningLock), ...inside];
}

function locksIn(folder: string, isLock: (name: string) => boolean): string[] {
  return namesIn(folder)
    .filter(isLock)
    .map((name) => `${folder}/${name}`);
}

function namesIn(folder: string): string[] {
  try {
    return isOwnFolder(folder) ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

function isLeft(path: string, now: number): boolean {
  try {
    const found = lstatSync(path);
    return !found.isDirectory() || Math.abs(now - found.mtimeMs) > LEFT_MS;
  } catch {
    return false;
  }
}
