/** The only importer of proper-lockfile. */
import { type LockFolder, STALE_MS } from './lock-folder.ts';

/** Takes a lock that is free or stale and returns what releases it, or throws. */
export type TakeOnce = (folder: LockFolder) => () => void;

const REFRESH_MS = 1000;

let library: Promise<TakeOnce> | undefined;

/** True if the library was asked for, so that it costs nothing more to take a lock by it. */
export function isLockLibraryLoaded(): boolean {
  return library !== undefined;
}

/**
 * Loads the library, which a lock that is not free waits for. A miss calls it while the compiler runs, and then takes
 * all its locks by it, so that a signal releases them. Hits get their locks without it.
 */
export function loadLockLibrary(): Promise<TakeOnce> {
  library ??= takeByLibrary();
  return library;
}

async function takeByLibrary(): Promise<TakeOnce> {
  // The library listens to signals as soon as it is loaded.
  const { listenFirst } = await import('./at-end.ts');
  listenFirst();
  const { lockSync } = await import('proper-lockfile');
  return (folder) => {
    const release = lockSync(folder.path, {
      lockfilePath: folder.path,
      realpath: false,
      stale: STALE_MS,
      update: REFRESH_MS,
      fs: folder.fileSystem,
      onCompromised: () => folder.markLost(),
    });
    folder.markTaken();
    return release;
  };
}
