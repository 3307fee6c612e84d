import { readdirSync } from 'node:fs';
import { foldersOf, isLockName, type Layout } from './layout.ts';

const LOCK_OF_LEARNT = /\.lock(?:\.takeover)?$/;

/** Every lock in the cache folder, with the guards beside them. A folder that cannot be read has none. */
export function lockFoldersOf(layout: Layout): string[] {
  const guards = ['', '.takeover'].map((end) => `${layout.cleaningLock}${end}`);
  const inside = foldersOf(layout).flatMap(({ path, isInSections }) =>
    isInSections
      ? namesIn(path).flatMap((section) => locksIn(`${path}/${section}`, isLockName))
      : locksIn(path, (name) => LOCK_OF_LEARNT.test(name)),
  );
  return [...guards, ...inside];
}

function locksIn(folder: string, isLock: (name: string) => boolean): string[] {
  return namesIn(folder)
    .filter(isLock)
    .map((name) => `${folder}/${name}`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
