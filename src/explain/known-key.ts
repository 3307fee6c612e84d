import type { KeptCall, KeptLookup } from './kept-call.ts';
import type { MissCause } from './miss-causes.ts';

/** The cause of a miss under a key under which something was, or was not, stored before. */
export function causeOfKnownKey({ verdict, lookup }: KeptCall, now: Pick<KeptLookup, 'text'>): MissCause {
  // Where text decides, the key of the manifest says nothing of headers.
  if (now.text !== undefined && now.text !== lookup?.text) {
    return { kind: lookup?.text === undefined ? 'firstText' : 'text' };
  }
  return causeOfUnstored({ verdict }) ?? { kind: 'evicted' };
}

/** Why nothing can be found under the key of a call: its result was not stored. Undefined if it was. */
export function causeOfUnstored({ verdict }: Pick<KeptCall, 'verdict'>): MissCause | undefined {
  if (verdict.kind !== 'miss' || verdict.result === 'stored') return undefined;
  const because =
    verdict.result === 'compileFailed' ? 'the compile failed' : (verdict.because ?? 'the cache failed');
  return { kind: 'notStoredBefore', because };
}
