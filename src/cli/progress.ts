import type { CliContext } from './context.ts';

export interface ProgressLine {
  readonly update: (done: number, total: number) => void;
  /** Removes the line. */
  readonly end: () => void;
}

/** Shorter work shows no progress. */
const QUIET_MS = 1000;
const INTERVAL_MS = 100;

/** A line on a terminal's stderr that shows the progress of long work. Prints nothing if stderr is not a terminal. */
export function progressLine(
  context: Pick<CliContext, 'stderr' | 'isTerminal'>,
  title: string,
): ProgressLine {
  let next = performance.now() + QUIET_MS;
  let shown = '';
  return {
    update: (done, total) => {
      const now = performance.now();
      if (!context.isTerminal || now < next) return;
      next = now + INTERVAL_MS;
      shown = `${title} ${Math.floor((100 * done) / total)} %`;
      context.stderr(`\r${shown}`);
    },
    end: () => {
      if (shown !== '') context.stderr(`\r${' '.repeat(shown.length)}\r`);
    },
  };
}

/** A line on a terminal's stderr that appears if work takes longer than a second, and says what it is. */
export function waitingLine(
  context: Pick<CliContext, 'stderr' | 'isTerminal'>,
  title: string,
): Pick<ProgressLine, 'end'> {
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = context.isTerminal;
    if (isShown) context.stderr(`\r${title}`);
  }, QUIET_MS);
  return {
    end: () => {
      clearTimeout(timer);
      if (isShown) context.stderr(`\r${' '.repeat(title.length)}\r`);
    },
  };
}
