/** The line of the trial as a call in the user's folder: options in CL and _CL_ may name files there. */
import { join, relative } from 'node:path';
import type { CompileContext } from '../compile/compile-context.ts';
import { prepare } from '../compile/open-session.ts';
import type { KnownCompiler } from '../compiler/identity/compiler-record.ts';
import type { Config } from '../config/config.ts';
import type { HandOnReason } from '../explain/hand-on.ts';
import { within } from '../util/time-limit.ts';
import { LONGEST_ANSWER_MS } from './the-compiler.ts';
import { type Place, TRIAL_OPTIONS, TRIAL_SOURCE } from './trial.ts';

export interface LineHere {
  readonly arguments: readonly string[];
  readonly context: CompileContext;
}

/** The line in the user's folder. In the folder of the place, if the user's was deleted. */
export function lineHere(
  place: Pick<Place, 'folder' | 'context'>,
  { isFolderGone, workingDirectory: users, environment }: Config,
): LineHere {
  const workingDirectory = isFolderGone ? place.folder : users;
  // Relative, because a path that begins with a slash may be read as an option.
  const source = relative(workingDirectory, join(place.folder, TRIAL_SOURCE));
  const config = { ...place.context.config, environment, workingDirectory };
  return { arguments: [...TRIAL_OPTIONS, source], context: { ...place.context, config } };
}

/** Why this line would be handed on. Undefined if it would be cached. Nothing is compiled. */
export async function whyHandedOn(
  line: LineHere,
  { compiler, record }: { readonly compiler: string; readonly record: KnownCompiler },
): Promise<HandOnReason | undefined> {
  const preparing = prepare({ compiler, record, arguments: line.arguments }, line.context);
  const prepared = await within(LONGEST_ANSWER_MS, preparing, 'reading a line');
  return prepared.kind === 'handOn' ? prepared.reason : undefined;
}
