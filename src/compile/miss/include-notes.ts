import { probeIncludeNotes } from '../../compiler/answers/probes.ts';
import {
  guessNotes,
  type IncludeNotes,
  type SplitOutput,
  splitIncludeNotes,
} from '../../compiler/headers/show-includes.ts';
import { describeError } from '../../diagnostics/errors.ts';
import type { Session } from '../session.ts';

/**
 * Splits what the compiler wrote to stdout into include notes and the rest. `exists` says whether an absolute path
 * exists.
 */
export async function splitOutput(
  session: Pick<Session, 'compiler' | 'tree' | 'log'>,
  stdout: Buffer,
  exists: (path: string) => boolean,
): Promise<SplitOutput> {
  const notes = await notesOf(session, stdout);
  if (!notes) return { includes: [], strayNotes: 0, rest: stdout };
  return splitIncludeNotes(stdout, notes, (path) => exists(session.tree.absolute(path)));
}

async function notesOf(
  session: Pick<Session, 'compiler' | 'log'>,
  stdout: Buffer,
): Promise<IncludeNotes | undefined> {
  try {
    return (await probeIncludeNotes(session.compiler)) ?? guessNotes(stdout);
  } catch (error) {
    session.log.trace(() => `the include notes could not be learnt: ${describeError(error)}`);
    return guessNotes(stdout);
  }
}
