import type { Config } from '../config/config.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import { mayHaveLostBytes } from '../util/byte-name.ts';
import type { Environment } from '../util/environment.ts';
import type { RawCall } from './raw-call.ts';

type CallContext = Pick<Config, 'environment' | 'style' | 'workingDirectory'>;

export interface PassedCall {
  readonly compiler: string;
  readonly arguments: readonly string[];
  /** The environment of the program. */
  readonly environment: Environment;
  readonly keepsLine?: boolean;
}

/**
 * Passes a call to the compiler unchanged: the original arguments, this process's streams, its exit status. `settled`
 * does what remains afterwards. If the system cannot start the compiler, the compiler replaces this process, and
 * `settled` runs before. Rejects if that is impossible as well.
 */
export async function passThrough(
  config: CallContext,
  call: PassedCall,
  { trace, settled = async () => {} }: { readonly trace: Trace; readonly settled?: () => Promise<void> },
): Promise<number> {
  const { passToCompiler } = await import('../compiler/run/run.ts');
  await separateOutputs(config, call.arguments, trace);
  const { environment, keepsLine = false } = call;
  const raw = mayHaveLostBytes(call.arguments, environment) ? await withItsBytes(call, trace) : undefined;
  const { compiler, arguments: args } = raw ?? call;
  const { workingDirectory } = config;
  let status: number;
  try {
    status = await passToCompiler({ compiler, arguments: args, workingDirectory, environment, keepsLine });
  } catch (error) {
    trace(() => `the compiler cannot replace this process: ${describeError(error)}`);
    await settled();
    const { becomeProgram } = await import('../compiler/run/become-program.ts');
    becomeProgram([compiler, ...args], environment);
    throw error;
  } finally {
    raw?.end();
  }
  await settled();
  return status;
}

/** The call in its original bytes, if text has lost some. Undefined if the bytes are not available. */
async function withItsBytes(call: PassedCall, trace: Trace): Promise<RawCall | undefined> {
  try {
    const { rawCall } = await import('./raw-call.ts');
    return rawCall(call);
  } catch (error) {
    trace(() => `passed on without the bytes that are not UTF-8: ${describeError(error)}`);
    return undefined;
  }
}

/**
 * Replaces outputs that are hard links into the cache with copies, so that the program does not write into the cache.
 * Never rejects.
 */
export async function separateOutputs(
  config: CallContext,
  args: readonly string[],
  trace: Trace,
): Promise<void> {
  try {
    const { possibleOutputs } = await import('../commandline/meaning/possible-outputs.ts');
    const { existingOf } = await import('./existing-outputs.ts');
    const { expandLine, hostOf, lineVariables } = await import('./expand-line.ts');
    const { separateLinks } = await import('./miss/output-files.ts');
    const host = hostOf(config, { family: 'cl' });
    const expanded = expandLine(args, config, host);
    const { CL = '', _CL_ = '' } = lineVariables(config);
    const words =
      expanded.kind === 'expanded'
        ? expanded.arguments
        : [...args, ...`${CL} ${_CL_}`.split(/\s+/).filter((word) => word !== '')];
    separateLinks(existingOf(possibleOutputs(words, host), config.style), trace);
  } catch (error) {
    trace(() => `hard links of outputs not separated: ${describeError(error)}`);
  }
}
