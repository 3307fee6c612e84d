import type { CompileJob } from '../commandline/compile-call.ts';
import type { PassedCall } from './pass-through.ts';
import type { Session } from './session.ts';

/** The rest of a call after the first sources were served. If none was served, it is the original call. */
export function restOfCall(
  session: Pick<Session, 'request' | 'compiler'>,
  served: number,
  asItCame: PassedCall,
): PassedCall {
  if (served === 0) return asItCame;
  const { path, environment } = session.compiler;
  return { compiler: path, arguments: argumentsOf(session.request.call.jobs.slice(served)), environment };
}

/** The arguments of one call that compiles the sources of these jobs. */
export function argumentsOf(rest: readonly CompileJob[]): readonly string[] {
  const { compilerArguments = [], sourceArguments = [] } = rest[0] ?? {};
  const options = compilerArguments.slice(0, compilerArguments.length - sourceArguments.length);
  const sources = rest.flatMap((job) => job.sourceArguments);
  const end = sources.indexOf('--');
  return [...options, ...sources.filter((word, index) => word !== '--' || index === end)];
}
