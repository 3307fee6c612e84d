import type { Stats } from 'node:fs';

/**
 * File systems date a change by a clock that ticks every 4 ms on Linux, so a change just after the start of the
 * compiler may carry a time just before it.
 */
const CLOCK_TICK_MS = 5;

/** True when a file may have been written, or put in its place, since that time. */
export function isNewerThan(stat: Stats, startedMs: number): boolean {
  return Math.max(stat.mtimeMs, stat.ctimeMs) >= startedMs - CLOCK_TICK_MS;
}
