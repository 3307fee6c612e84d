import { writeSync } from 'node:fs';
import { errorCode, pauseSync } from './busy-retry.ts';

/** Our own stdout or stderr. */
export interface StandardStream {
  /** Writes all of it before it returns, or keeps why not. A stream of Node would be a module to load, and cut at exit. */
  readonly write: (output: string | Uint8Array) => void;
  /** Why something that was written did not arrive; undefined while all did. */
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

/** True when there is nobody left to read a pipe: what is said about it would not be news to whoever closed it. */
export function hasNoReader(problem: unknown): boolean {
  return /^(?:EPIPE|EOF)$/.test(errorCode(problem) ?? '');
}

function problemWith(descriptor: 1 | 2, bytes: Uint8Array): unknown {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // A pipe that is set not to block and is full for now. Whoever reads it is slower than we are.
      if (errorCode(error) !== 'EAGAIN') return error;
      pauseSync(1);
    }
  }
  return undefined;
}
