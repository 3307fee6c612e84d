/** `clcache --doctor`: makes every check of the table, one after the other. */
import type { Config } from '../config/config.ts';
import { describeError } from '../diagnostics/errors.ts';
import { CHECKS, type Check } from './checks.ts';
import { type Finding, look } from './finding.ts';
import { openSurroundings, type Surroundings } from './surroundings.ts';

/** Who is told of the progress. */
export interface Listener {
  readonly begins: (title: string) => void;
  readonly ends: (title: string, findings: readonly Finding[]) => void;
}

/** Makes all checks. Never rejects: a check that fails says so in its line. */
export async function examine(config: Config, self: string, listener: Listener): Promise<void> {
  const surroundings = openSurroundings(config, self);
  try {
    for (const check of CHECKS) {
      listener.begins(check.title);
      listener.ends(check.title, await findingsOf(check, surroundings));
    }
  } finally {
    surroundings.close();
  }
}

/** What a check found. */
export async function findingsOf(check: Check, surroundings: Surroundings): Promise<readonly Finding[]> {
  try {
    return await check.look(surroundings);
  } catch (error) {
    return [look(`could not be looked at: ${describeError(error)}`)];
  }
}
