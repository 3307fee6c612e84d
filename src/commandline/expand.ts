/** The whole line that the compiler works with. */
import type { CommandLineHost } from './compile-call.ts';
import { type CommandLineVariables, variableArguments } from './environment.ts';
import { expandResponseFiles, type ReadFile } from './response-file.ts';

export type CommandLineExpansion =
  | {
      readonly kind: 'expanded';
      /** The whole line that the compiler would see: `CL`, the arguments, `_CL_`, with no `@file` left. */
      readonly arguments: readonly string[];
      /** Names of the variables that are in it and must not reach the compiler again. */
      readonly foldedVariables: readonly string[];
    }
  | {
      readonly kind: 'passThrough';
      /** For CLCACHE_LOG: why the compiler gets the untouched line. */
      readonly because: string;
    };

/**
 * The line that the compiler works with: `CL` before the arguments, `_CL_` behind them, response files expanded.
 * clang-cl does not expand an `@file` that stands in a variable, so a line with one is left to it.
 */
export function expandCommandLine(
  argv: readonly string[],
  variables: CommandLineVariables,
  host: CommandLineHost,
  readFile: ReadFile,
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
