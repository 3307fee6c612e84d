import type { CommandLineHost } from '../commandline/compile-call.ts';
import type { Config } from '../config/config.ts';
import type { CompileContext } from './compile-context.ts';
import { curesFor, type HandedLine, wordsOfCures } from './cures.ts';
import { expandLine, hostOf } from './expand-line.ts';
import type { HandOnReason } from './outcome.ts';

/** A call that the compiler gets unchanged. */
export interface HandedCall {
  readonly reason: HandOnReason;
  readonly compiler: string;
  readonly arguments: readonly string[];
  /** What is known of the compiler. */
  readonly record: Parameters<typeof hostOf>[1];
}

/** Says in the log why a call is handed on, and what would have it cached. Throws what reading the line throws. */
export function logHandOn({ config, trace }: CompileContext, call: HandedCall): void {
  trace(() => {
    const line = lineOf(call, config);
    const cures = line && curesFor(call.reason, line);
    return `handed on: ${call.reason.because}${wordsOfCures(cures ?? [])}; calling ${call.compiler}`;
  });
}

/** The line of a call as the compiler reads it. Undefined if it cannot be read, or must not be. */
function lineOf({ reason, record, arguments: args }: HandedCall, config: Config): HandedLine | undefined {
  if (reason.kind === 'disabled') return undefined;
  const host: CommandLineHost = hostOf(config, record);
  const expanded = expandLine(args, config, host);
  return expanded.kind === 'expanded' ? { args: expanded.arguments, host } : undefined;
}
