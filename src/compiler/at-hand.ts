import type { Environment } from '../util/environment.ts';
import type { KnownCompiler } from './compiler-record.ts';
import type { AnswerMemory } from './remembered-answer.ts';
import type { CompilerResult } from './run.ts';

/** The compiler that a call is for: what is known of it, where it runs, and how to run it. */
export interface CompilerAtHand extends AnswerMemory {
  /** Absolute. */
  readonly path: string;
  readonly record: KnownCompiler;
  readonly workingDirectory: string;
  /** What it gets to see. */
  readonly environment: Environment;
  /** Runs it and keeps its streams as bytes. Rejects only when it cannot be started at all. */
  run(args: readonly string[], options?: RunOptions): Promise<CompilerResult>;
}

export interface RunOptions {
  /** Another one than the call's. */
  readonly workingDirectory?: string;
  /** Is told what comes on stdout while it runs, where that can be seen. */
  readonly hear?: ((bytes: Buffer) => void) | undefined;
}

/** The compiler with a way to run it. What it takes to do so is loaded with the first run. */
export function compilerAtHand(compiler: Omit<CompilerAtHand, 'run'>): CompilerAtHand {
  const { path, environment } = compiler;
  return {
    ...compiler,
    async run(args, { workingDirectory = compiler.workingDirectory, hear } = {}) {
      const { runCompiler } = await import('./run.ts');
      return runCompiler({ compiler: path, arguments: args, workingDirectory, environment }, hear);
    },
  };
}
