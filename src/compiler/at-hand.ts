import type { Environment } from '../util/environment.ts';
import type { AnswerMemory } from './answers/remembered-answer.ts';
import type { KnownCompiler } from './identity/compiler-record.ts';
import type { CompilerResult } from './run/run.ts';

/** The compiler of a call: what is known of it, where it runs, and how to run it. */
export interface CompilerAtHand extends AnswerMemory {
  /** An absolute path. */
  readonly path: string;
  readonly record: KnownCompiler;
  readonly workingDirectory: string;
  /** The environment of the compiler. */
  readonly environment: Environment;
  /** Whether it is still the compiler of the record: what it said before a compile must be true of the compile. */
  readonly isStillSame?: () => Promise<boolean>;
  /** Runs the compiler and returns its streams as bytes. Rejects only if it cannot be started. */
  run(args: readonly string[], options?: RunOptions): Promise<CompilerResult>;
}

export interface RunOptions {
  /** Another working folder than the call's. */
  readonly workingDirectory?: string;
  /** Gets what the compiler writes to stdout while it runs, where the system shows that. */
  readonly hear?: ((bytes: Buffer) => void) | undefined;
  /** True for a question, which has no input, and which rejects if there is no answer in time. */
  readonly isQuestion?: true;
}

/** A compiler that says nothing about itself in this time does not answer at all. In milliseconds. */
export const LONGEST_ANSWER_MS = 60_000;

/** The compiler with a way to run it. The code for that is loaded with the first run. */
export function compilerAtHand(
  compiler: Omit<CompilerAtHand, 'run'>,
  longestAnswerMs = LONGEST_ANSWER_MS,
): CompilerAtHand {
  const { path, environment } = compiler;
  // A compiler that did not answer once is not waited for again in the same call.
  let unanswered: Error | undefined;
  return {
    ...compiler,
    async run(args, { workingDirectory = compiler.workingDirectory, hear, isQuestion } = {}) {
      const { runCompiler, TooLongError } = await import('./run/run.ts');
      const call = { compiler: path, arguments: args, workingDirectory, environment };
      if (!isQuestion) return runCompiler(call, hear);
      if (unanswered) throw unanswered;
      try {
        return await runCompiler({ ...call, hasNoInput: true, longestMs: longestAnswerMs }, hear);
      } catch (error) {
        if (error instanceof TooLongError) unanswered = error;
        throw error;
      }
    },
  };
}
