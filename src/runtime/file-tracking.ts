/**
 * MSBuild's Tracker puts a library into every process of a build. It writes down which files the process reads and
 * writes: the next build takes them for inputs and outputs, and "Clean" removes outputs. So the library is told to look
 * away while clcache works, except where it does what the compiler would have done.
 *
 * What the library does is known from MSBuild (`src/Shared/InprocTrackingNativeMethods.cs`, and
 * `src/Utilities.UnitTests/TrackedDependencies/FileTrackerTests.cs`): it looks away for one thread, and for threads that
 * this one starts meanwhile. Calls of `node:fs` that do not return a promise run on the thread of this program.
 */

/** The library, as far as it obeys. Both return false if it refuses. */
export interface FileTracker {
  suspend(): boolean;
  resume(): boolean;
}

/** Set while the library looks away. */
let suspended: FileTracker | undefined;

/** Lets the library look away until `endUntracked`. False if it refuses, or would not look again. */
export function beginUntracked(tracker: FileTracker): boolean {
  if (!tracker.suspend() || !tracker.resume() || !tracker.suspend()) return false;
  suspended = tracker;
  return true;
}

/** Lets the library look again, as it did at the start. */
export function endUntracked(): void {
  suspended?.resume();
  suspended = undefined;
}

/**
 * Does what the compiler would have done: reads an input, writes an output, or starts a program. The work must be done
 * when `work` returns; what it does later is not tracked.
 */
export function tracked<T>(work: () => T): T {
  const tracker = suspended;
  if (!tracker) return work();
  // Within this work everything is tracked already.
  suspended = undefined;
  tracker.resume();
  try {
    return work();
  } finally {
    tracker.suspend();
    suspended = tracker;
  }
}
