/** Empties the sections of the cache by the names in them, which takes a third of what looking at each file takes. */
import { LockTimeoutError, withFileLocks } from '../../util/file-lock.ts';
import type { ItemRemover } from './item-remover.ts';
import { lockIn } from './layout.ts';
import { fileNamesOfItems, type SectionFolder } from './survey.ts';

/** How many items are taken in one go. That takes some ten milliseconds, in which builds wait for their manifests. */
const BATCH = 500;

/**
 * Removes the items of a section, each as a whole or not at all. What is open on Windows stays, and so do the manifests of
 * a section whose lock is not free within `timeoutMs` milliseconds. Counts nothing: whoever empties sections measures what
 * is left in them.
 */
export async function emptySection(
  section: SectionFolder,
  timeoutMs: number,
  remover: Pick<ItemRemover, 'take'>,
): Promise<void> {
  const { kind, path } = section;
  const names = fileNamesOfItems(section);
  const locks = kind === 'manifests' ? [lockIn(path)] : [];
  for (let start = 0; start < names.length; start += BATCH) {
    const take = () => {
      for (const name of names.slice(start, start + BATCH)) remover.take(`${path}/${name}`);
    };
    if (!(await isDoneInTime(withFileLocks(locks, timeoutMs, take)))) return;
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
