/** How a program is asked what it is. */
import { asQuestion, withChain } from '../../util/chain.ts';
import { LONGEST_ANSWER_MS } from '../at-hand.ts';
import { type CompilerResult, runCompiler } from '../run/run.ts';
import type { CompilerLookup } from './compiler-record.ts';

/**
 * Starts a program with a question. A script may answer for its version by itself, and call a clcache for everything else:
 * that clcache must not ask the script again. Rejects if the program cannot be started, or does not answer in time.
 */
export function question(
  { compiler, workingDirectory, environment }: CompilerLookup,
  args: readonly string[],
): Promise<CompilerResult> {
  return runCompiler({
    compiler,
    arguments: args,
    workingDirectory,
    environment: asQuestion(withChain(environment, compiler)),
    hasNoInput: true,
    longestMs: LONGEST_ANSWER_MS,
  });
}

/** Both streams, a character for each byte. */
export function textOf({ stdout, stderr }: CompilerResult): string {
  return Buffer.concat([stdout, stderr]).toString('latin1');
}
