import { renameSync } from 'node:fs';
import { isBusyError } from '../../util/busy-retry.ts';
import { statIfThere } from '../../util/file-stat.ts';

/** How long nobody must have written to a database, in milliseconds. Its server may write when cl has ended ("/FS"). */
const QUIET_MS = 250;
const PAUSE_MS = 25;
const LIMIT_MS = 15_000;
/** How long after the compile a database may appear. */
const APPEARS_MS = 3000;

/**
 * Waits until a program database is there, nobody has it open and nobody has written to it for a while. False if that
 * does not happen in time.
 */
export async function isSettled(path: string): Promise<boolean> {
  const start = performance.now();
  let last = '';
  let since = start;
  for (;;) {
    const stat = statIfThere(path);
    const left = (stat ? LIMIT_MS : APPEARS_MS) - (performance.now() - start);
    if (left <= 0) return false;
    const state = stat?.isFile() && isFree(path) ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
    if (state === '' || state !== last) {
      last = state;
      since = performance.now();
    } else if (performance.now() - since >= QUIET_MS) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** On Windows a file that somebody has open cannot be renamed. Elsewhere it can, and its times have to tell. */
function isFree(path: string): boolean {
  try {
    renameSync(path, path);
    return true;
  } catch (error) {
    if (isBusyError(error)) return false;
    throw error;
  }
}
