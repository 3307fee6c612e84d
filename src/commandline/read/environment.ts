/** `CL` and `_CL_`, the two variables that add to every command line ("CL environment variables"). */

import type { CommandLineHost } from '../compile-call.ts';
import { factsOf } from '../family.ts';
import { expandResponseFiles, type ReadFile } from './response-file.ts';
import { isUnclear, tokenizeLines } from './tokenizer.ts';

export interface CommandLineVariables {
  readonly CL?: string | undefined;
  readonly _CL_?: string | undefined;
}

export type CommandLineExpansion =
  | {
      readonly kind: 'expanded';
      /** The whole line as the compiler sees it: `CL`, the arguments, `_CL_`, without any `@file`. */
      readonly arguments: readonly string[];
      /** The variables whose text is in it. They must not reach the compiler again. */
      readonly foldedVariables: readonly string[];
    }
  | {
      readonly kind: 'passThrough';
      /** For CLCACHE_LOG: why the compiler gets the unchanged line. */
      readonly because: string;
    };

/**
 * The line that the compiler works with: `CL` before the arguments, `_CL_` after them, response files expanded.
 * clang-cl does not expand an `@file` in a variable, so it gets such a line unchanged.
 */
export function expandCommandLine(
  argv: readonly string[],
  variables: CommandLineVariables,
  { host, readFile }: { readonly host: CommandLineHost; readonly readFile: ReadFile },
): CommandLineExpansion {
  const before = variableArguments(variables.CL, host);
  const after = variableArguments(variables._CL_, host);
  if (!before || !after) {
    return { kind: 'passThrough', because: 'CL or _CL_ has an argument that only the compiler can read' };
  }
  const expansion = expandResponseFiles([...before, ...argv, ...after], host, readFile);
  if (expansion.kind === 'passThrough') return expansion;
  const foldedVariables: string[] = [];
  if (variables.CL !== undefined) foldedVariables.push('CL');
  if (variables._CL_ !== undefined) foldedVariables.push('_CL_');
  return { kind: 'expanded', arguments: expansion.arguments, foldedVariables };
}

/**
 * The arguments in a variable. Undefined if only the compiler can read it: a quoted part continues over a line end, a
 * control character may be a blank, or clang-cl's variable names an `@file`, which clang-cl takes for a source.
 */
function variableArguments(
  text: string | undefined,
  host: Pick<CommandLineHost, 'family'>,
): string[] | undefined {
  if (text === undefined || text === '') return [];
  const facts = factsOf(host);
  if (facts.unclearBlanks.test(text)) return undefined;
  const tokens = tokenizeLines(text);
  if (tokens.some((token) => isUnclear(token, facts))) return undefined;
  const words = tokens.map((token) => token.text);
  if (!facts.expandsFilesInVariables && words.some((word) => word.startsWith('@'))) return undefined;
  return facts.hashInVariables === 'inDefinitions'
    ? words.map(withEqualsSign)
    : words.map((word) => word.replace('#', '='));
}

/** `/DNAME#VALUE` and, with the name in the next word, `/D NAME#VALUE`: the first of `#` and `=` ends the name. */
function withEqualsSign(word: string, index: number, words: readonly string[]): string {
  const previous = words[index - 1];
  const isDefinition = /^[-/]D./.test(word) || previous === '/D' || previous === '-D';
  return isDefinition ? word.replace(/[#=]/, '=') : word;
}
