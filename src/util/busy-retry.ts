/**
 * On Windows a file that a scanner, an indexer or another process of ours has open cannot be replaced, renamed or
 * deleted for a moment. POSIX has no such state: there the same codes are a real refusal.
 */
const BUSY_CODES: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);

const GIVE_UP_AFTER_MS = 1000;
const LONGEST_PAUSE_MS = 50;

let pauseCell: Int32Array | undefined;

/** The `code` of a system error, or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True for the errors that on Windows mean "someone has it open just now". */
export function isBusyError(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && BUSY_CODES.has(errorCode(error) ?? '');
}

/** Blocks this thread. For pauses within work that must stay synchronous; in milliseconds. */
export function pauseSync(milliseconds: number): void {
  pauseCell ??= new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(pauseCell, 0, 0, milliseconds);
}

/**
 * Runs `operation`, again with growing, jittered pauses while Windows says that the file is busy, for about a second.
 * Throws what `operation` threw last.
 */
export function retryWhileBusy<T>(operation: () => T, platform: NodeJS.Platform = process.platform): T {
  let pause = 1;
  let waited = 0;
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (!isBusyError(error, platform) || waited >= GIVE_UP_AFTER_MS) throw error;
    }
    const milliseconds = pause * (0.5 + Math.random());
    pauseSync(milliseconds);
    waited += milliseconds;
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
