import { renameSync } from 'node:fs';
import type { JobOutput } from '../../commandline/compile-call.ts';
import { removeIfPossible } from '../../util/atomic-file.ts';
import { isLink, statIfThere } from '../../util/file-stat.ts';
import { temporarySibling } from '../../util/random-name.ts';

/**
 * Moves the program databases of a job out of the way of its compile: each is this job's alone, and what an earlier
 * compile left in it would stay there. Returns what to call with the compiler's exit status. After a failed compile the
 * old object is still there, so it gets its database back.
 */
export function setDatabasesAside(outputs: readonly JobOutput[]): (status: number) => void {
  const aside = outputs.flatMap(({ role, path }) => {
    // A folder or a link of that name is the user's.
    if (role !== 'database' || isLink(path) || !statIfThere(path)?.isFile()) return [];
    const name = temporarySibling(path);
    return isRenamed(path, name) ? [{ path, name }] : [];
  });
  return (status) => {
    for (const { path, name } of aside) {
      if (status === 0 || !isRenamed(name, path)) removeIfPossible(name);
    }
  };
}

/** A file that is in use stays where it is. */
function isRenamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
