import { randomDigits } from '../runtime/random.ts';

/** The ending of every temporary name. */
export const TEMPORARY_SUFFIX = '.tmp';

/** A name beside a path that no other process uses, for renaming a file to the path or away from it. */
export function temporarySibling(path: string): string {
  return `${path}.${randomDigits()}${TEMPORARY_SUFFIX}`;
}
