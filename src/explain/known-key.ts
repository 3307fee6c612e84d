import type { KeptCall, KeptLookup } from './kept-call.ts';
import type { MissCause } from './miss-causes.ts';

/** A call that found nothing: the key of its preprocessed text, and when it began to compile. */
interface LostCall extends Pick<KeptLookup, 'text'> {
  readonly began: number;
}

/** The cause of a miss under a key under which something was, or was not, stored before. */
export function causeOfKnownKey({ at, verdict, lookup }: KeptCall, now: LostCall): MissCause {
  // Of two calls at once, the one that ends later finds the record of the other, which had stored nothing when it looked.
  if (at > now.began) return { kind: 'newKey' };
  // A result that was stored by its text is not found by its files, and the other way round.
  if ((now.text === undefined) !== (lookup?.text === undefined)) return { kind: 'otherMode' };
  // Where text decides, the key of the manifest says nothing of headers.
  if (now.text !== lookup?.text) return { kind: 'text' };
  return causeOfUnstored({ verdict }) ?? { kind: 'evicted' };
}

/** Why nothing can be found under the key of a call: its result was not stored. Undefined if it was. */
export function causeOfUnstored({ verdict }: Pick<KeptCall, 'verdict'>): MissCause | undefined {
  if (verdict.kind !== 'miss' || verdict.result === 'stored') return undefined;
  const because =
    verdict.result === 'compileFailed' ? 'the compile failed' : (verdict.because ?? 'the cache failed');
  return { kind: 'notStoredBefore', because };
}
