/**
 * Several clcaches may stand one behind the other: another version on `PATH`, a script that calls one, another cache
 * that looks for the next compiler of its own name. Two variables let each of them know of the others.
 */
import type { Environment } from './environment.ts';

/** Set while a program is asked what it is: a clcache that the question reaches, in whatever words, answers for itself. */
export const QUESTION_VARIABLE = 'CLCACHE_WHO_IS_IT';

/** The programs that were started as compilers on the way here, one a line: who finds one of them again looks further. */
export const CHAIN_VARIABLE = 'CLCACHE_CHAIN';

/** How a clcache answers; older ones say the same of themselves under any name. */
export const ANSWER = /^clcache \d/m;

export function isQuestion(environment: Environment): boolean {
  return environment[QUESTION_VARIABLE] !== undefined;
}

export function asQuestion(environment: Environment): Environment {
  return { ...environment, [QUESTION_VARIABLE]: '1' };
}

export function chainOf(environment: Environment): readonly string[] {
  return (environment[CHAIN_VARIABLE] ?? '').split('\n').filter((program) => program !== '');
}

/** The environment for a program that is started as the compiler. */
export function withChain(environment: Environment, program: string): Environment {
  return { ...environment, [CHAIN_VARIABLE]: [...chainOf(environment), program].join('\n') };
}
