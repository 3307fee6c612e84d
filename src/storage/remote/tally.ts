import type { RemoteActivity } from '../store.ts';

/** `RemoteActivity` while it is counted. */
export type Tally = { -readonly [Name in keyof RemoteActivity]: RemoteActivity[Name] };

export function newTally(name: string): Tally {
  return {
    name,
    hits: 0,
    misses: 0,
    rejected: 0,
    errors: 0,
    timeouts: 0,
    notSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
  };
}
