/** Reports changes of single files. */
export interface Watch {
  add(path: string): void;
  remove(path: string): void;
  close(): Promise<void>;
}

/** The system has a limit (8,192 on older Linux), which editors and other programs share. */
const MOST_WATCHED = 4096;

export const noWatch: Watch = { add() {}, remove() {}, close: async () => {} };

/**
 * Watches files until the system refuses, which `note` gets. Not used on Windows: a watched folder is open there, and
 * an open folder cannot be deleted (clcache issue 248).
 */
export async function openWatch(
  onChange: (path: string) => void,
  note: (line: string) => void,
): Promise<Watch> {
  const { watch: watchFiles } = await import('chokidar');
  const watched = new Set<string>();
  let isRefused = false;
  // Reports a change at once, without waiting until a file is whole or exists again.
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
