/** Finds out whether a call that was a miss would be a hit now. */
import { existsSync } from 'node:fs';
import { unprofiled } from '../../diagnostics/profile.ts';
import { silent } from '../../diagnostics/trace.ts';
import type { KeptCall } from '../../explain/kept-call.ts';
import { causeOfUnstored } from '../../explain/known-key.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { entryFolder, indexOfEntry } from '../../storage/local/layout.ts';
import { findEntry } from '../hit/find-entry.ts';
import { openTree } from '../tree.ts';
import { entriesOf, keyNow, type LookedUp, lastHit, type Present } from './present.ts';

/** What is known of a call today. */
export interface Today {
  /** When its result was last served, in milliseconds since 1970. Undefined if it was not, or if nobody knows. */
  readonly hitAt?: number;
  /** Whether the same call would be a hit now, as far as files tell. `unknown` where only text decides. */
  readonly now: 'hit' | 'unknown' | MissCause;
}

/**
 * Looks at the files and at the cache, and counts nothing as used. `calls` are all that are known of its source. Never
 * throws.
 */
export function today(call: KeptCall, calls: readonly KeptCall[], present: Present): Today {
  const { lookup } = call;
  if (!lookup) return { now: 'unknown' };
  try {
    const hitAt = lastHit(call, calls, present);
    return { ...(hitAt !== undefined && { hitAt }), now: lookAgain({ ...call, lookup }, present) };
  } catch {
    return { now: 'unknown' };
  }
}

function lookAgain(call: LookedUp, present: Present): Today['now'] {
  const { folder, baseDirectories, source, lookup } = call;
  const { layout, style, memory } = present;
  const key = keyNow(call, present);
  if (!key || lookup.text !== undefined) return 'unknown';
  const { changed } = key;
  const entries = entriesOf(layout, changed ? key.manifest : lookup.manifest);
  // With other contents this was never stored, or the key of it is not known.
  if (entries.length === 0) return changed ?? causeOfUnstored(call) ?? { kind: 'evicted' };
  if (entries.some(({ volatile }) => volatile)) return 'unknown';
  const tree = openTree({ style, workingDirectory: folder, baseDirectories }, () => []);
  const log = { trace: silent, profile: unprofiled, warn: () => {} };
  const view = { arguments: [], name: lookup.view };
  const found = findEntry({ tree, files: { memory }, log, request: { view } }, source, entries);
  if (found.kind === 'entry')
    return existsSync(indexOfEntry(entryFolder(layout, found.entry.artifact))) ? 'hit' : { kind: 'evicted' };
  if (found.because.kind === 'otherTree') return 'unknown';
  // What was stored is older than this call, whose own state may be that of now.
  return (changed ? undefined : causeOfUnstored(call)) ?? found.because;
}
