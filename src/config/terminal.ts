import { fstatSync, type Stats } from 'node:fs';

/** The terminal of stderr. */
export interface Terminal {
  /** Characters in a line. Undefined if the terminal does not say. */
  readonly columns: number | undefined;
}

/** `/dev/null` on Linux, which is a character device as well. */
const NULL_DEVICE = 0x103;

/**
 * The terminal of stderr. Undefined if stderr is not a terminal. The module for the question takes a millisecond to
 * load, so it is loaded only if stderr may be a terminal. The console of Windows does not count: there clang sets
 * colours with system calls, not with the text that it writes.
 */
export function terminalOfStderr(): Terminal | undefined {
  if (process.platform === 'win32' || !mayBeTerminal()) return undefined;
  if (!process.getBuiltinModule('node:tty').isatty(2)) return undefined;
  const { columns } = process.stderr;
  return { columns: columns > 0 ? columns : undefined };
}

function mayBeTerminal(): boolean {
  let stat: Stats;
  try {
    stat = fstatSync(2);
  } catch {
    return false;
  }
  return stat.isCharacterDevice() && stat.rdev !== NULL_DEVICE;
}
