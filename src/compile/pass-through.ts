import { compilerEnvironment } from '../compiler/environment.ts';
import type { Config } from '../config/config.ts';

/** Hands a call to the compiler as it came: the original arguments, our own streams, its exit status. */
export async function passThrough(
  config: Pick<Config, 'environment' | 'style' | 'workingDirectory'>,
  compiler: string,
  args: readonly string[],
): Promise<number> {
  const { passToCompiler } = await import('../compiler/run.ts');
  return passToCompiler({
    compiler,
    arguments: args,
    workingDirectory: config.workingDirectory,
    environment: compilerEnvironment(config.environment, config.style, []),
  });
}
