import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode } from '../../util/busy-retry.ts';

/** Removes what killed processes left. What cannot be removed is left to the next cleaning. */
export function removeLeftovers(leftovers: readonly string[]): void {
  for (const path of leftovers)
    try {
      removeWithRetrySync(path);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
}
