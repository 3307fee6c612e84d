import { appendFileSync, writeSync } from 'node:fs';

/** Says under CLCACHE_LOG what was decided and why. A function, so that text is only built when someone reads it. */
export type Trace = (line: () => string) => void;

/** Where trace lines go. Never stdout: build tools parse what the compiler says there. */
export type LogTarget =
  | { readonly kind: 'off' }
  | { readonly kind: 'stderr' }
  | { readonly kind: 'file'; readonly path: string };

const STDERR = 2;

export const silent: Trace = () => {};

/**
 * A trace that writes each line at once, with the process and the milliseconds since its start, so that the lines of
 * processes that share a file can be told apart. A target that cannot be written is ignored.
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
    // A full disk, a closed stream: tracing must not change what the build does.
  }
}
