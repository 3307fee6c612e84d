import type { Stats } from 'node:fs';

/** When a compile began, in milliseconds: by the system's clock, and by one that nobody can set. */
export interface CompileStart {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** Call it before anything is read for the compile. */
export function startNow(): CompileStart {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** Linux dates changes of files with a clock that ticks every 4 ms. */
const CLOCK_TICK_MS = 5;

/**
 * Decides from the times of files whether they changed since a compile began. These times are from the clock of the
 * file system, and a file server's clock may be hours off. The files that the compiler wrote show that difference.
 */
export class FileClock {
  readonly #start: CompileStart;
  /** By device: the earliest time on its clock at which the compile may have begun. */
  readonly #startOf = new Map<number, number>();
  #elapsedMs = 0;

  constructor(start: CompileStart) {
    this.#start = start;
  }

  /**
   * Call it when the compiler has ended, with the status of the files that it wrote. `ownDevice` is the device of a
   * local folder, whose clock is the system's own.
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
   * Whether a file may have been written, or put in its place, since the compile began. The change time decides,
   * because nobody can set it. Without a change time (FAT) the modification time decides. A modification time in the
   * future means nothing beside a change time, because somebody has set it.
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

/**
 * A change just after a moment may carry a time just before it. Times in whole seconds are those of a coarse file
 * system.
 */
function resolutionOf(timeMs: number): number {
  if (timeMs % 1000 !== 0) return CLOCK_TICK_MS;
  return timeMs % 2000 === 0 ? 2000 : 1000;
}
