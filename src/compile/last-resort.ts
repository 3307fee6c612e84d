import { compilerEnvironment } from '../compiler/environment.ts';
import { locateCompiler } from '../compiler/locate.ts';
import type { Config } from '../config/config.ts';
import { silent } from '../diagnostics/trace.ts';
import { chainOf, withChain } from '../util/chain.ts';
import type { CompilerQuery } from './find-compiler.ts';
import { passThrough, separateOutputs } from './pass-through.ts';

/**
 * Runs the compiler on the call as it came, for when something of ours has failed where nothing of ours was to fail.
 * Where the system allows it, the compiler takes the place of this process, which needs neither a descriptor nor memory.
 * Rejects when there is no compiler, or it cannot be started this way either.
 */
export async function lastResort({ argv, config, self, calledAs }: CompilerQuery): Promise<number> {
  const { compiler: configured, environment, style, workingDirectory } = config;
  const located = locateCompiler({
    arguments: argv,
    configured,
    environment,
    style,
    workingDirectory,
    self,
    calledAs,
    passedOver: chainOf(environment),
  });
  if (located.kind === 'notFound') throw new Error(`no compiler found: searched ${located.searched}`);
  await separateOutputs(config, located.arguments, silent);
  const seen = withChain(compilerEnvironment(environment, style, []), located.compiler);
  becomeProgram([located.compiler, ...located.arguments], seen);
  return passThrough(config, { ...located, environment: seen }, silent);
}

/** Of Node.js 22.15 and later, and of Bun; never on Windows. Does not return if it works. */
type Execve = (file: string, words: readonly string[], environment: Config['environment']) => never;

function becomeProgram(words: readonly string[], environment: Config['environment']): void {
  const execve: Execve | undefined = Reflect.get(process, 'execve');
  if (process.platform === 'win32' || !execve) return;
  // A script that does not say what runs it is the shell's.
  for (const command of [words, ['/bin/sh', ...words]]) {
    try {
      execve(command[0] ?? '', command, environment);
    } catch {
      // The usual way is left.
    }
  }
}
