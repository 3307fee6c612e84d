import type { Stats } from 'node:fs';

/** When a compile began: by the wall clock, and by one that nobody sets. In milliseconds. */
export interface CompileStart {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** To be asked before anything is read for the compile. */
export function startNow(): CompileStart {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** File systems date a change by a clock that ticks every 4 ms on Linux. */
const CLOCK_TICK_MS = 5;

/**
 * Tells what was changed since a compile began by the times of files. These are of their file system's clock: a file
 * server's may be hours away from ours. What the compiler wrote shows it.
 */
export class FileClock {
  readonly #start: CompileStart;
  /** By device, the earliest moment by its clock at which the compile may have begun. */
  readonly #startOf = new Map<number, number>();
  #elapsedMs = 0;

  constructor(start: CompileStart) {
    this.#start = start;
  }

  /**
   * To be called when the compiler has ended, with what the system says of the files that it wrote. `ownDevice` is the
   * one of a local folder, where the clock is the one that we read ourselves.
   */
  setBy(written: readonly Stats[], ownDevice: number | undefined): void {
    const { wallMs, steadyMs } = this.#start;
    this.#elapsedMs = performance.now() - steadyMs;
    for (const stat of written) {
      const writtenMs = stat.ctimeMs > 0 ? stat.ctimeMs : stat.mtimeMs;
      const isOfOurTime =
        writtenMs >= wallMs - resolutionOf(writtenMs) &&
        writtenMs <= wallMs + this.#elapsedMs + CLOCK_TICK_MS;
      if (isOfOurTime && stat.dev === ownDevice) continue;
      const earliest = writtenMs - this.#elapsedMs;
      const known = this.#startOf.get(stat.dev) ?? (isOfOurTime ? wallMs : earliest);
      this.#startOf.set(stat.dev, Math.min(known, earliest));
    }
  }

  /**
   * Whether a file may have been written, or put in its place, since the compile began. The time of change tells, which
   * nobody can set; where there is none (FAT), the time of writing. A time of writing in the future tells nothing
   * beside it: somebody has set it.
   */
  isChangedSince({ dev, ctimeMs, mtimeMs }: Stats): boolean {
    if (ctimeMs <= 0) return this.isSince(dev, mtimeMs);
    const startMs = this.#startMs(dev);
    const isWrittenSince =
      mtimeMs >= startMs - CLOCK_TICK_MS && mtimeMs <= startMs + this.#elapsedMs + CLOCK_TICK_MS;
    return isWrittenSince || this.isSince(dev, ctimeMs);
  }

  /** Whether a time of this device is not before the beginning of the compile. */
  isSince(device: number, timeMs: number): boolean {
    return timeMs >= this.#startMs(device) - resolutionOf(timeMs);
  }

  #startMs(device: number): number {
    return this.#startOf.get(device) ?? this.#start.wallMs;
  }
}

/** A change just after a moment may carry a time just before it: whole seconds are those of a file system that knows no finer. */
function resolutionOf(timeMs: number): number {
  if (timeMs % 1000 !== 0) return CLOCK_TICK_MS;
  return timeMs % 2000 === 0 ? 2000 : 1000;
}
