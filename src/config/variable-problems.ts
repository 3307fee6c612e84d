/** Finds variables that have no effect, or another one than expected. Called only where somebody reads the result. */
import { CHAIN_VARIABLE, QUESTION_VARIABLE } from '../util/chain.ts';
import { type Environment, environmentValue } from '../util/environment.ts';
import { editDistance, nearestWord } from '../util/nearest-word.ts';
import { oneLine } from '../util/one-line.ts';
import type { PathStyle } from '../util/paths.ts';
import { unquoted } from './kinds.ts';
import { VARIABLES, type VariableRow } from './variables.ts';

const NAMES: readonly string[] = Object.keys(VARIABLES);
const OWN: ReadonlySet<string> = new Set([...NAMES, CHAIN_VARIABLE, QUESTION_VARIABLE]);

/** One line for each problem, without a value that could be a secret. */
export function variableProblems(environment: Environment, style: PathStyle): string[] {
  const names = Object.keys(environment).filter((name) => environment[name] !== undefined);
  const problems = [
    ...names.flatMap((name) => unknownName(name, style) ?? []),
    ...Object.entries<VariableRow>(VARIABLES).flatMap(([name, { kind }]) => {
      const value = unquoted(environmentValue(environment, style, name));
      if (value === undefined) return [];
      const misread = kind.misread?.(value);
      return [
        ...(misread === undefined ? [] : [`${name} counts as ${misread.counts}: ${misread.because}`]),
        ...(kind.oddities?.(value, { name, style }) ?? []),
      ];
    }),
  ];
  return problems.map(oneLine);
}

/** Windows ignores the case of names. */
function unknownName(name: string, style: PathStyle): string | undefined {
  const upper = name.toUpperCase();
  if (OWN.has(style === 'win32' ? upper : name) || !isLikeOurs(upper)) return undefined;
  const near = OWN.has(upper) ? upper : nearestWord(upper, NAMES);
  return `${name} is not a variable of clcache${near === undefined ? '; see clcache --help' : `: did you mean ${near}?`}`;
}

/**
 * clcache's variables begin with `CLCACHE_`. `CCACHE_DIR` is ccache's, and `ClcacheEnabled` is an MSBuild property,
 * which MSBuild also reads from the environment.
 */
function isLikeOurs(name: string): boolean {
  const [prefix = '', ...rest] = name.split('_');
  if (rest.length === 0) return NAMES.some((one) => one.replaceAll('_', '') === name);
  return prefix.endsWith('CACHE') ? prefix === 'CLCACHE' : editDistance(prefix, 'CLCACHE') === 1;
}
