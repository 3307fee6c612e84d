import type { CompilerFamily } from '../commandline/compile-call.ts';
import type { Language } from '../commandline/languages.ts';

const COLOUR = '(?:\\x1b\\[[\\d;]*m)*';
/**
 * What clang's driver says before any source is compiled: messages, the program's name in which may be coloured, and which
 * go on indented where they do not fit the width.
 */
const CLANG_DRIVER_MESSAGE = new RegExp(
  `${COLOUR}[^\\s:()]+: ${COLOUR}(?:warning|note): [^\\n]*\\n(?: {6}[^\\n]*\\n)*`,
  'y',
);
/** That a language standard does not fit a source it says for each. */
const SAID_FOR_EACH = { c: /'[-/]std:c\+\+/, 'c++': /'[-/]std:c\d/ } as const;

/**
 * What a compiler says once for a call (warnings about its options, cl's banner) it says for each source when we start
 * it for each. This drops from a later source's stderr the leading messages that the first one's has as well.
 */
export function withoutRepeatedDriverMessages(
  family: CompilerFamily,
  first: Uint8Array,
  later: { readonly stderr: Uint8Array; readonly language: Language },
): Uint8Array {
  if (later.stderr.length === 0) return later.stderr;
  const known = new Set(leadingMessages(family, first));
  const messages = leadingMessages(family, later.stderr);
  const length = messages.reduce((sum, message) => sum + message.length, 0);
  const kept = messages.filter(
    (message) =>
      !known.has(message) ||
      (family === 'clang-cl' && SAID_FOR_EACH[/\+\+$/.test(later.language) ? 'c++' : 'c'].test(message)),
  );
  return Buffer.concat([Buffer.from(kept.join(''), 'latin1'), later.stderr.subarray(length)]);
}

/** All that cl writes to stderr comes from its driver. */
function leadingMessages(family: CompilerFamily, bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  if (family === 'cl') return text.split(/(?<=\n)/);
  const messages: string[] = [];
  for (let end = 0; ; end = CLANG_DRIVER_MESSAGE.lastIndex) {
    CLANG_DRIVER_MESSAGE.lastIndex = end;
    const [message] = CLANG_DRIVER_MESSAGE.exec(text) ?? [];
    if (message === undefined) return messages;
    messages.push(message);
  }
}
