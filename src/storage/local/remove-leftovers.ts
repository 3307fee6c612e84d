import { removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode } from '../../util/busy-retry.ts';

/** Removes what killed processes left. What cannot be removed is left to the next cleaning. */
export function removeLeftovers(leftovers: readonly string[]): void {
  for (const path of leftovers) quietly(() => removeWithRetrySync(path));
}

/** False if a system error prevented it. */
export function quietly(remove: () => unknown): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
