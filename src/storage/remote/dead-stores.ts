/**
 * Which stores did not answer lately, so that not every call of a build waits for them again:
 *
 *     <cacheDirectory>/v1/remotes/<digest of the URL>.down       out altogether
 *     <cacheDirectory>/v1/remotes/<digest of the URL>.full       answers, but takes nothing
 *
 * Empty files; their time says since when. A mark that cannot be written or read is none.
 */
import { lstatSync } from 'node:fs';
import { digestOfBytes } from '../../hash/digest.ts';
import { writeFileAtomicSync } from '../../util/atomic-file.ts';
import { layoutOf } from '../local/layout.ts';

export const REMEMBERED_MS = 30_000;

export type Ailment = 'down' | 'full';

export interface StoreHealth {
  /** True if the store was marked so within the last 30 seconds. */
  is(ailment: Ailment): boolean;
  mark(ailment: Ailment): void;
}

/** The marks of the store with this URL. */
export function healthOf(cacheDirectory: string, url: string): StoreHealth {
  const folder = `${layoutOf(cacheDirectory).root}/remotes`;
  const file = (ailment: Ailment) => `${folder}/${digestOfBytes(Buffer.from(url))}.${ailment}`;
  return {
    is(ailment) {
      try {
        // Set clocks back and marks lie in the future: those do not count either.
        return Math.abs(Date.now() - lstatSync(file(ailment)).mtimeMs) < REMEMBERED_MS;
      } catch {
        return false;
      }
    },
    mark(ailment) {
      try {
        writeFileAtomicSync(file(ailment), '');
      } catch {
        // A cache that may only be read: the next call finds out for itself.
      }
    },
  };
}
