import { writeFileSync } from 'node:fs';

/** Runs a piece of work and, under CLCACHE_PROFILE, keeps how long it took. Promises are measured to their end. */
export type Profile = <T>(name: string, work: () => T) => T;

export const unprofiled: Profile = (_name, work) => work();

interface Span {
  readonly name: string;
  /** Microseconds since the process was started. */
  readonly ts: number;
  readonly dur: number;
  readonly ph: 'X';
  readonly pid: number;
  readonly tid: number;
}

export interface RecordedProfile {
  readonly profile: Profile;
  /** Adds what was measured elsewhere, in milliseconds since the process was started. */
  add(name: string, start: number, end: number): void;
  /** Writes what was measured in the trace event format, which browsers' developer tools and Perfetto show. */
  write(folder: string): void;
}

/** Starts measuring; everything before, from the start of the process, is one span of its own. */
export function recordProfile(): RecordedProfile {
  const spans: Span[] = [];
  const add = (name: string, start: number, end: number) => {
    const tid = 1;
    spans.push({ name, ts: start * 1000, dur: (end - start) * 1000, ph: 'X', pid: process.pid, tid });
  };
  add('start of the runtime', 0, performance.now());
  const profile: Profile = (name, work) => {
    const start = performance.now();
    const result = work();
    if (result instanceof Promise) result.finally(() => add(name, start, performance.now())).catch(() => {});
    else add(name, start, performance.now());
    return result;
  };
  return {
    profile,
    add,
    write(folder) {
      try {
        writeFileSync(`${folder}/clcache-${process.pid}.trace.json`, JSON.stringify({ traceEvents: spans }));
      } catch {
        // A profile is no reason for a compile to fail.
      }
    },
  };
}
