import type { CompilerFamily } from '../commandline/compile-call.ts';

const COLOUR = '(?:\\x1b\\[[\\d;]*m)*';
/** What clang's driver says before any source is compiled; the program's name may be coloured. */
const CLANG_DRIVER_LINE = new RegExp(`^${COLOUR}[^\\s:()]+: ${COLOUR}(?:warning|note): `);

/**
 * What a compiler says once for a call (warnings about its options, cl's banner) it says for each source when we start
 * it for each. This drops from a later source's stderr the leading lines that the first one's has as well.
 */
export function withoutRepeatedDriverMessages(
  family: CompilerFamily,
  first: Uint8Array,
  later: Uint8Array,
): Uint8Array {
  const [expected, lines] = [linesOf(first), linesOf(later)];
  let dropped = 0;
  let length = 0;
  for (const line of lines) {
    // All that cl writes to stderr comes from its driver.
    if (line !== expected[dropped] || (family === 'clang-cl' && !isSaidOnce(line))) break;
    dropped++;
    length += line.length;
  }
  return later.subarray(length);
}

/** Of a language standard that does not fit a source clang speaks for each. */
function isSaidOnce(line: string): boolean {
  return CLANG_DRIVER_LINE.test(line) && !/'[-/]std:/.test(line);
}

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString('latin1')
    .split(/(?<=\n)/);
}
