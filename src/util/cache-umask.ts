/**
 * The umask for what clcache makes in its cache folder (CLCACHE_UMASK). The compiler, and what is written for a build, keep
 * the one with which clcache was started. So it is set only while something is made.
 */
let chosen: number | undefined;

/** Chooses the umask for the rest of this process. Undefined leaves the one that the process has. */
export function chooseCacheUmask(umask: number | undefined): void {
  chosen = umask;
}

/** True if a umask was chosen. Then nothing else decides on rights in the cache folder. */
export function hasCacheUmask(): boolean {
  return chosen !== undefined;
}

/** Runs work that makes files or folders in the cache folder. It must not be asynchronous: other work may come between. */
export function withCacheUmask<T>(work: () => T): T {
  if (chosen === undefined) return work();
  const before = process.umask(chosen);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}
