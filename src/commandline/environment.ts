/** `CL` and `_CL_`, the two variables that add to every command line ("CL environment variables"). */
import type { CommandLineHost } from './compile-call.ts';
import { tokenizeLines } from './tokenizer.ts';

export interface CommandLineVariables {
  readonly CL?: string | undefined;
  readonly _CL_?: string | undefined;
}

/**
 * The arguments that a variable holds. Undefined when only the compiler can read it: a quoted part runs over a line
 * end, or clang-cl's variable names an `@file`, which clang-cl takes for a source.
 */
export function variableArguments(
  text: string | undefined,
  host: Pick<CommandLineHost, 'family'>,
): string[] | undefined {
  if (text === undefined || text === '') return [];
  const tokens = tokenizeLines(text);
  if (tokens.some((token) => token.isDubious)) return undefined;
  const words = tokens.map((token) => token.text);
  if (host.family === 'cl') return words.map(withEqualsSign);
  if (words.some((word) => word.startsWith('@'))) return undefined;
  // clang-cl replaces the first `#` of every word, whatever the option.
  return words.map((word) => word.replace('#', '='));
}

/** `/DNAME#VALUE` and, with its name in the next word, `/D NAME#VALUE`: the first of `#` and `=` ends the name. */
function withEqualsSign(word: string, index: number, words: readonly string[]): string {
  const previous = words[index - 1];
  const isDefinition = /^[-/]D./.test(word) || previous === '/D' || previous === '-D';
  return isDefinition ? word.replace(/[#=]/, '=') : word;
}
