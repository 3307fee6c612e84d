import { freeBuffers } from '../../runtime/collect-garbage.ts';

/** In bytes. Freeing takes some milliseconds, so it is not done after each part. */
const KEPT = 24 * 1024 * 1024;

/** Returns a function that is told of the bytes of each part, and frees what was used for earlier ones now and then. */
export function partsFreed(): (bytes: number) => void {
  let used = 0;
  return (bytes) => {
    used += bytes;
    if (used < KEPT) return;
    used = 0;
    freeBuffers();
  };
}
