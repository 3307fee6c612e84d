import type { CommandLineHost } from '../commandline/compile-call.ts';
import type { CommandLineExpansion } from '../commandline/read/environment.ts';
import { compilerEnvironment } from '../compiler/environment.ts';
import type { CompilerRecord, KnownCompiler } from '../compiler/identity/compiler-record.ts';
import type { Config } from '../config/config.ts';
import { withChain } from '../util/chain.ts';
import { expandLine, hostOf } from './expand-line.ts';
import type { PassedCall } from './pass-through.ts';

/** The program that a call is for, and what is known of it. */
export interface CalledProgram {
  readonly compiler: string;
  readonly arguments: readonly string[];
  readonly record: KnownCompiler;
  /** Finds the digests that the record lacks. Undefined if it lacks none. */
  readonly complete?: () => Promise<CompilerRecord>;
  /** Whether the compiler is still the one of the record. A trial of the set-up does without. */
  readonly isStillSame?: () => Promise<boolean>;
}

/** The line of a call: what is read of it, and what the compiler gets if the call is handed on. */
export interface CalledLine {
  readonly host: CommandLineHost;
  readonly expanded: CommandLineExpansion;
  readonly passed: PassedCall;
}

/** A call as it came. */
export function asItCame(
  { compiler, arguments: args }: Pick<CalledProgram, 'compiler' | 'arguments'>,
  { environment, style }: Pick<Config, 'environment' | 'style'>,
): PassedCall {
  return {
    compiler,
    arguments: args,
    environment: withChain(compilerEnvironment(environment, style, []), compiler),
  };
}

/**
 * Reads the line of a call. With CLCACHE_Z7 it is changed here, once for all that follows: a call that is handed on must
 * agree with those that are cached, because a precompiled header and its users must have the same debug information.
 */
export async function readLine(called: CalledProgram, config: Config): Promise<CalledLine> {
  const host = hostOf(config, called.record);
  const expanded = expandLine(called.arguments, config, host);
  const passed = asItCame(called, config);
  if (!config.embedsDebug || expanded.kind === 'passThrough') return { host, expanded, passed };
  const { withEmbeddedDebug } = await import('../commandline/meaning/embedded-debug.ts');
  const args = withEmbeddedDebug(expanded.arguments, host);
  if (args === expanded.arguments) return { host, expanded, passed };
  // The text of CL and _CL_ is in it.
  const environment = compilerEnvironment(config.environment, config.style, expanded.foldedVariables);
  return {
    host,
    expanded: { ...expanded, arguments: args },
    passed: { ...passed, arguments: args, environment: withChain(environment, called.compiler) },
  };
}
