import { compared } from '../explain/compare.ts';
import { decodeKeptCalls, type KeptCall } from '../explain/kept-call.ts';
import { wordsOfCauses, wordsOfVerdict } from '../explain/words.ts';
import type { Session } from './session.ts';

/** Says in the log why a call was no hit, and what became of it. `before` is what was kept of its source. */
export function logCall(
  { log, tree }: Pick<Session, 'log' | 'tree'>,
  call: KeptCall,
  before: string | undefined,
): void {
  const known = before === undefined ? undefined : decodeKeptCalls(before);
  const [{ verdict } = call] = compared([call, ...(known?.calls ?? [])], known);
  if (verdict.kind === 'miss')
    log.trace(() => `${call.source}: miss: ${wordsOfCauses(verdict.causes, tree.roots)}`);
  log.trace(() => `${call.source}: ${wordsOfVerdict(verdict)}`);
}
