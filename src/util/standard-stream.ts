import { writeSync } from 'node:fs';
import { errorCode, pauseSync } from './busy-retry.ts';

/** This process's stdout or stderr. */
export interface StandardStream {
  /**
   * Writes everything before it returns, or remembers the error. A stream of Node.js would take time to load, and would
   * lose data at exit.
   */
  readonly write: (output: string | Uint8Array) => void;
  /** The error of a write that failed. Undefined if all succeeded. */
  readonly problem: () => unknown;
}

export function standardStream(descriptor: 1 | 2): StandardStream {
  let problem: unknown;
  return {
    write: (output) => {
      problem ??= problemWith(descriptor, typeof output === 'string' ? Buffer.from(output) : output);
    },
    problem: () => problem,
  };
}

/** True if nobody reads the pipe any more. A message about that would reach nobody. */
export function hasNoReader(problem: unknown): boolean {
  return /^(?:EPIPE|EOF)$/.test(errorCode(problem) ?? '');
}

function problemWith(descriptor: 1 | 2, bytes: Uint8Array): unknown {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // The pipe is non-blocking and full, because its reader is slower.
      if (errorCode(error) !== 'EAGAIN') return error;
      pauseSync(1);
    }
  }
  return undefined;
}
