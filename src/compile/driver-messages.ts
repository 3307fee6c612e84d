import { type CompilerFamily, FAMILIES } from '../commandline/family.ts';
import type { Language } from '../commandline/languages.ts';

const COLOUR = '(?:\\x1b\\[[\\d;]*m)*';
/**
 * The messages of clang's driver before any source is compiled. The program's name in them may be coloured. Lines after
 * the first are indented if a message does not fit the width.
 */
const CLANG_DRIVER_MESSAGE = new RegExp(
  `${COLOUR}[^\\s:()]+: ${COLOUR}(?:warning|note): [^\\n]*\\n(?: {6}[^\\n]*\\n)*`,
  'y',
);
/** This warning (the language standard does not fit the source) is printed for each source. */
const SAID_FOR_EACH = { c: /'[-/]std:c\+\+/, 'c++': /'[-/]std:c\d/ } as const;

/** Says that no source of a call uses an option. If the first source did not say so, it uses the option. */
const UNUSED = /argument\s+unused\s+during\s+compilation/;

/**
 * A compiler prints some messages once for a call (warnings about options, cl's banner). Started for each source, it
 * prints them for each. This drops from a later source's stderr the leading messages that the first source's stderr has
 * too, and those that are not true of the first source.
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
  const saidForEach = SAID_FOR_EACH[/\+\+$/.test(later.language) ? 'c++' : 'c'];
  const isKept = (message: string) =>
    FAMILIES[family].keepsStderrForDriver
      ? !known.has(message)
      : saidForEach.test(message) || !(known.has(message) || UNUSED.test(message));
  const kept = messages.filter(isKept);
  return Buffer.concat([Buffer.from(kept.join(''), 'latin1'), later.stderr.subarray(length)]);
}

function leadingMessages(family: CompilerFamily, bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  if (FAMILIES[family].keepsStderrForDriver) return text.split(/(?<=\n)/);
  const messages: string[] = [];
  for (let end = 0; ; end = CLANG_DRIVER_MESSAGE.lastIndex) {
    CLANG_DRIVER_MESSAGE.lastIndex = end;
    const [message] = CLANG_DRIVER_MESSAGE.exec(text) ?? [];
    if (message === undefined) return messages;
    messages.push(message);
  }
}
