import type { CompilerFamily } from '../commandline/compile-call.ts';
import type { Language } from '../commandline/languages.ts';

const COLOUR = '(?:\\x1b\\[[\\d;]*m)*';
/** What clang's driver says before any source is compiled; the program's name may be coloured. */
const CLANG_DRIVER_LINE = new RegExp(`^${COLOUR}[^\\s:()]+: ${COLOUR}(?:warning|note): `);
/** That a language standard does not fit a source it says for each. */
const SAID_FOR_EACH = { c: /'[-/]std:c\+\+/, 'c++': /'[-/]std:c\d/ } as const;

/**
 * What a compiler says once for a call (warnings about its options, cl's banner) it says for each source when we start
 * it for each. This drops from a later source's stderr the leading lines that the first one's has as well.
 */
export function withoutRepeatedDriverMessages(
  family: CompilerFamily,
  first: Uint8Array,
  later: { readonly stderr: Uint8Array; readonly language: Language },
): Uint8Array {
  if (later.stderr.length === 0) return later.stderr;
  const known = new Set(leadingMessages(family, first));
  const lines = leadingMessages(family, later.stderr);
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  const kept = lines.filter(
    (line) =>
      !known.has(line) ||
      (family === 'clang-cl' && SAID_FOR_EACH[/\+\+$/.test(later.language) ? 'c++' : 'c'].test(line)),
  );
  return Buffer.concat([Buffer.from(kept.join(''), 'latin1'), later.stderr.subarray(length)]);
}

/** All that cl writes to stderr comes from its driver. */
function leadingMessages(family: CompilerFamily, bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/(?<=\n)/);
  const end = family === 'cl' ? -1 : lines.findIndex((line) => !CLANG_DRIVER_LINE.test(line));
  return end < 0 ? lines : lines.slice(0, end);
}
