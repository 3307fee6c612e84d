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

/** How text for a person may look. */
export interface TextLook {
  readonly colours: boolean;
  /** True if signs outside ASCII may be used. */
  readonly signs: boolean;
}

/** The part of `process` that is read. Tests pass their own. */
export interface TextView {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** For tests and for others that do not say how text may look. */
export const PLAIN: TextLook = { colours: false, signs: false };

export function isTerminalStdout(): boolean {
  return process.getBuiltinModule('node:tty').isatty(1);
}

/**
 * How the text on stdout may look. Colours are for terminals only, and `NO_COLOR` turns them off (no-color.org). The
 * console of Windows shows bytes in its own code page, and a language without UTF-8 has no signs for these either.
 */
export function lookOfText({ env, platform }: TextView, isTerminal: boolean): TextLook {
  const language = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  const isPlain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    colours: isTerminal && !isPlain && platform !== 'win32',
    signs: platform !== 'win32' && /utf-?8/i.test(language),
  };
}
