/** What must not be left behind when this process is ended. The only importer of signal-exit. */
import { onExit } from 'signal-exit';
import { removeIfPossible } from './atomic-file.ts';
import { keepIgnoring } from './ignored-signals.ts';

/**
 * Has `undo` run if a signal, or Ctrl+C, ends this process before the function that is returned is called. To be asked
 * for before there is anything to undo: until then a signal ends us at once. A signal that we were started to ignore does
 * not end us.
 */
export function atEnd(undo: () => void): () => void {
  keepIgnoring();
  return onExit(() => {
    // Its value would mean that the signal is dealt with.
    undo();
  });
}

/** Does work with what is at `path` for that long only: it is removed when the work, or this process, has ended. */
export async function withTemporary<T>(path: string, work: () => Promise<T>): Promise<T> {
  const forget = atEnd(() => removeIfPossible(path));
  try {
    return await work();
  } finally {
    removeIfPossible(path);
    forget();
  }
}
