/** Finds what headers changed besides the causes that are kept of a miss. */
import { fromPortablePath } from '../../cache/base-directory.ts';
import type { ManifestEntry } from '../../cache/manifest.ts';
import { nearestKnown } from '../../explain/compare.ts';
import type { KeptCall } from '../../explain/kept-call.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { entriesOf, type LookedUp, type Present } from './present.ts';

/** The most headers that are named. The others are counted. */
const MOST_NAMED = 8;

/**
 * The call with all headers that changed since the call that it is compared with: a lookup ends at the first one, and does
 * not look for any under a new key. The manifests hold what headers each stored result was made from. `older` are the calls
 * of the source before it. Throws system errors.
 */
export function withChangedHeaders(call: KeptCall, older: readonly KeptCall[], present: Present): KeptCall {
  const { verdict, lookup } = call;
  const [first] = verdict.kind === 'miss' ? verdict.causes : [];
  if (verdict.kind !== 'miss' || !lookup || !first) return call;
  const own = entriesOf(present.layout, lookup.manifest);
  const at = own.findIndex(({ artifact }) => artifact === lookup.artifact);
  const entry = own[at];
  if (!entry) return call;
  const before =
    first.kind === 'header' ? own.slice(at + 1) : entriesOfNearest({ ...call, lookup }, older, present);
  // If it was made from the same headers before, none of them is a cause.
  if (before.some((one) => changedPaths(one, entry).length === 0)) return call;
  const named = new Set(verdict.causes.map((cause) => ('path' in cause ? cause.path : '')));
  const roots = { ...call, style: present.style, workingDirectory: call.folder };
  const paths = (before[0] ? changedPaths(before[0], entry) : [])
    .map((path) => fromPortablePath(roots, path) ?? path)
    .filter((path) => !named.has(path));
  const headers = paths.slice(0, MOST_NAMED).map((path): MissCause => ({ kind: 'header', path }));
  const left = paths.length - headers.length;
  const more: MissCause[] = left > 0 ? [{ kind: 'moreHeaders', count: String(left) }] : [];
  return { ...call, verdict: { ...verdict, causes: [...verdict.causes, ...headers, ...more] } };
}

/** The entry that the nearest known call stored, and then the others of its manifest. Empty if it is not there. */
function entriesOfNearest(
  call: LookedUp,
  older: readonly KeptCall[],
  { layout }: Present,
): readonly ManifestEntry[] {
  const nearest = nearestKnown(call, older)?.lookup;
  if (!nearest || nearest.manifest === call.lookup.manifest) return [];
  const entries = entriesOf(layout, nearest.manifest);
  const stored = entries.find(({ artifact }) => artifact === nearest.artifact);
  return stored ? [stored, ...entries.filter((one) => one !== stored)] : [];
}

/** The files that both were made from, with other contents. */
function changedPaths(before: ManifestEntry, now: ManifestEntry): string[] {
  const states = new Map(before.states.map(({ path, state }) => [path, state]));
  return now.states.flatMap(({ path, state }) => {
    const old = states.get(path);
    return old !== undefined && old !== state && isContents(old) && isContents(state) ? [path] : [];
  });
}

/** A state may also be a time, or that something is there or not. */
function isContents(state: string): boolean {
  return state.length > 1 && !state.startsWith('@');
}
