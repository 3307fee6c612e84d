/** Cleans up when this process is ended. The only importer of signal-exit. */
import { onExit } from 'signal-exit';
import { removeIfPossible } from './atomic-file.ts';
import { keepIgnoring } from './ignored-signals.ts';

/**
 * Runs `undo` if a signal, or Ctrl+C, ends this process before the returned function is called. Call it before there is
 * anything to undo: until then a signal ends the process at once. A signal that the process was started to ignore does
 * not end it.
 */
export function atEnd(undo: () => void): () => void {
  keepIgnoring();
  return onExit(() => {
    // A returned value would mean that the signal was handled.
    undo();
  });
}

/**
 * Listens to signals from now on. Call it before a library is loaded that brings an older version of signal-exit. If the
 * older one listened first, a signal would end this process only after a turn of the event loop, in which the status of
 * a compiler that was ended for the signal could become that of this process.
 */
export function listenFirst(): void {
  keepIgnoring();
  onExit(() => {});
}

/** Runs `work` and then removes `path`, also if a signal ends the process. */
export async function withTemporary<T>(path: string, work: () => Promise<T>): Promise<T> {
  const forget = atEnd(() => removeIfPossible(path));
  try {
    return await work();
  } finally {
    removeIfPossible(path);
    forget();
  }
}
