/**
 * On Windows a file cannot be replaced, renamed or deleted while a virus scanner, an indexer or another clcache has it
 * open. On POSIX the same codes mean a real refusal.
 */
const BUSY_CODES: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);

const GIVE_UP_AFTER_MS = 1000;
const LONGEST_PAUSE_MS = 50;

let pauseCell: Int32Array | undefined;

/** The `code` of a system error. Undefined for every other value. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True for the errors that on Windows mean that another process has the file open. */
export function isBusyError(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && BUSY_CODES.has(errorCode(error) ?? '');
}

/** Blocks this thread for a time in milliseconds. For pauses in work that must stay synchronous. */
export function pauseSync(milliseconds: number): void {
  pauseCell ??= new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(pauseCell, 0, 0, milliseconds);
}

/**
 * Runs `operation`. While Windows says that the file is busy, runs it again with growing, random pauses, for about a
 * second. Throws the last error of `operation`.
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
