import { fstatSync, type Stats } from 'node:fs';

/** The terminal that stderr is. */
export interface Terminal {
  /** Characters in a line; undefined when it does not say. */
  readonly columns: number | undefined;
}

/** `/dev/null` on Linux, which is a device with characters too. */
const NULL_DEVICE = 0x103;

/**
 * The terminal that stderr is; undefined when it is none. Asked of the system only when called: the module for it takes
 * a millisecond to load, which a hit outside of a terminal does not spend. The console of Windows is not looked at: there
 * clang sets colours by calls of the system and not by what it writes.
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
