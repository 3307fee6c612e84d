import { compilerEnvironment } from '../compiler/environment.ts';
import { locateCompiler } from '../compiler/identity/locate.ts';
import { becomeProgram } from '../compiler/run/become-program.ts';
import { silent } from '../diagnostics/trace.ts';
import { chainOf, withChain } from '../util/chain.ts';
import type { CompilerQuery } from './find-compiler.ts';
import { passThrough, separateOutputs } from './pass-through.ts';

/**
 * Runs the compiler on the original call after an unexpected failure of clcache. Where the system allows it, the
 * compiler replaces this process, which needs neither a descriptor nor memory. Rejects if there is no compiler, or if
 * it cannot be started this way either.
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
  return passThrough(config, { ...located, environment: seen }, { trace: silent });
}
