import { appendFileSync, writeSync } from 'node:fs';

/** Writes a line to the log (CLCACHE_LOG). It takes a function, so that the text is only made if there is a log. */
export type Trace = (line: () => string) => void;

/** Where log lines go. Never stdout, because build tools parse the compiler's output there. */
export type LogTarget =
  | { readonly kind: 'off' }
  | { readonly kind: 'stderr' }
  | { readonly kind: 'file'; readonly path: string };

const STDERR = 2;

export const silent: Trace = () => {};

/**
 * A trace that writes each line at once, with the process id and the milliseconds since the start, so that processes
 * can share a file. A target that cannot be written is ignored.
 */
export function createTrace(log: LogTarget): Trace {
  switch (log.kind) {
    case 'off':
      return silent;
    case 'stderr':
      return (line) => quietly(() => writeSync(STDERR, stamped(line())));
    case 'file':
      return (line) => quietly(() => appendFileSync(log.path, stamped(line())));
  }
}

function stamped(text: string): string {
  const stamp = `[clcache ${process.pid} ${performance.now().toFixed(1).padStart(7)} ms] `;
  return `${stamp}${text.replaceAll('\n', `\n${stamp}`)}\n`;
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // A full disk or a closed stream must not change the build.
  }
}
