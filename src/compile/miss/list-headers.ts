import type { CompileJob } from '../../commandline/compile-call.ts';
import { headerListing } from '../../commandline/meaning/preprocess.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { Session } from '../session.ts';

/** What a separate run printed to list the headers. */
export interface HeaderListing {
  readonly status: number;
  readonly notes: Buffer;
}

/**
 * Lists the headers of a job with a preprocessor beside the compiler, which takes an eighth of the compiler's time. With
 * `showsSkipped` those that were included before and are not read again are in the list, too. Undefined if it could not be
 * started: the compile goes on, and must not be started again.
 */
export async function listHeaders(
  session: Pick<Session, 'request' | 'compiler' | 'log'>,
  job: CompileJob,
  { showsSkipped }: { readonly showsSkipped: boolean },
): Promise<HeaderListing | undefined> {
  const usesPrecompiled = session.request.call.precompiled?.work === 'used';
  try {
    const list = headerListing(job, { usesPrecompiled, showsSkipped });
    const run = await session.compiler.run(list.arguments);
    return { status: run.status, notes: run[list.stream] };
  } catch (error) {
    session.log.trace(() => `${job.source}: its headers could not be listed: ${describeError(error)}`);
    return undefined;
  }
}
