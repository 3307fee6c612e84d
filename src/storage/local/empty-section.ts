/** Empties the sections of the cache by the names in them, which takes a third of what looking at each file takes. */
import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import { LockTimeoutError, withFileLocks } from '../../util/file-lock.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { FolderRemover } from './folder-remover.ts';
import { lockIn } from './layout.ts';
import { fileNamesOfItems, type SectionFolder } from './survey.ts';

/** How many items are removed in one go. That takes some ten milliseconds, in which builds wait for their manifests. */
const BATCH = 500;

/**
 * Removes the items of a section, each as a whole or not at all. `folders` gets the folders with the entries, which are
 * out of their places by then. What is open on Windows stays, and so do the manifests of a section whose lock is not free
 * within `timeoutMs` milliseconds. Counts nothing: whoever empties sections measures what is left in them.
 */
export async function emptySection(
  section: SectionFolder,
  timeoutMs: number,
  folders: Pick<FolderRemover, 'remove'>,
): Promise<void> {
  const { kind, path } = section;
  const names = fileNamesOfItems(section);
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    if (kind === 'objects') {
      // In one step each, so that no reader finds half of an entry.
      const aside = temporarySibling(`${path}/removed`);
      withCacheUmask(() => mkdirSync(aside));
      for (const name of batch) ifPossible(() => renameSync(`${path}/${name}`, `${aside}/${name}`));
      folders.remove(aside);
    } else {
      const locks = kind === 'manifests' ? [lockIn(path)] : [];
      const remove = () => {
        for (const name of batch) ifPossible(() => unlinkSync(`${path}/${name}`));
      };
      if (!(await isDoneInTime(withFileLocks(locks, timeoutMs, remove)))) return;
    }
  }
}

function ifPossible(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && !isBusyError(error)) throw error;
  }
}

async function isDoneInTime(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
    return false;
  }
}
