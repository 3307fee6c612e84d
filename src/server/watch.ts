import { watch as watchFiles } from 'chokidar';

/** Reports changes of single files. */
export interface Watch {
  add(path: string): void;
  remove(path: string): void;
  close(): Promise<void>;
}

/** The system has a limit (8,192 on older Linux) that editors and other programs share. */
const MOST_WATCHED = 4096;

export const noWatch: Watch = { add() {}, remove() {}, close: async () => {} };

/**
 * Watches files until the system refuses, which is noted. Not for Windows: a folder that is watched there is open, and
 * an open folder cannot be deleted for good (clcache issue 248).
 */
export function openWatch(onChange: (path: string) => void, note: (line: string) => void): Watch {
  const watched = new Set<string>();
  let isRefused = false;
  // Reported as it happens: nobody waits for a file to come back, or to be whole.
  const watcher = watchFiles([], { ignoreInitial: true, atomic: false, ignorePermissionErrors: true });
  watcher.on('change', onChange);
  watcher.on('unlink', onChange);
  watcher.on('error', (error) => {
    if (isRefused) return;
    isRefused = true;
    note(`watching no further files: ${error instanceof Error ? error.message : String(error)}`);
  });
  return {
    add(path) {
      if (isRefused || watched.size >= MOST_WATCHED) return;
      watched.add(path);
      watcher.add(path);
    },
    remove(path) {
      if (watched.delete(path)) watcher.unwatch(path);
    },
    close: () => watcher.close(),
  };
}
