import { writeFileSync } from 'node:fs';

/** Runs a piece of work and, with CLCACHE_PROFILE, records how long it took. A promise is measured to its end. */
export type Profile = <T>(name: string, work: () => T) => T;

export const unprofiled: Profile = (_name, work) => work();

interface Span {
  readonly name: string;
  /** Microseconds since the process started. */
  readonly ts: number;
  readonly dur: number;
  readonly ph: 'X';
  readonly pid: number;
  readonly tid: number;
}

export interface RecordedProfile {
  readonly profile: Profile;
  /** Adds a span that was measured elsewhere, in milliseconds since the process started. */
  add(name: string, start: number, end: number): void;
  /** Writes the spans in the trace event format of browsers' developer tools and Perfetto. */
  write(folder: string): void;
}

/** Starts measuring. The time from the start of the process until now is the first span. */
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
        // A profile that cannot be written must not fail a compile.
      }
    },
  };
}
