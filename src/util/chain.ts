/**
 * Several clcaches may call one another: another version on `PATH`, a script that calls one, another cache that looks
 * for the next compiler of its own name. Two variables tell each of them about the others.
 */
import type { Environment } from './environment.ts';

/** Set while a program is asked which compiler it is. A clcache that gets the question answers for itself. */
export const QUESTION_VARIABLE = 'CLCACHE_WHO_IS_IT';

/** The programs that were started as compilers so far, one a line. Whoever finds one of them again skips it. */
export const CHAIN_VARIABLE = 'CLCACHE_CHAIN';

/** The answer of a clcache. Older versions give it under any name. */
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
