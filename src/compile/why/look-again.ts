/** Finds out whether a call that was a miss would be a hit now. */
import { existsSync, statSync } from 'node:fs';
import { readManifestKeyParts } from '../../cache/key.ts';
import { unprofiled } from '../../diagnostics/profile.ts';
import { silent } from '../../diagnostics/trace.ts';
import { type KeptCall, type KeptLookup, partsIn } from '../../explain/kept-call.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { plainPath } from '../../explain/plain-path.ts';
import { FileMemory } from '../../files/file-memory.ts';
import { FolderRecords } from '../../files/folder-records.ts';
import type { Digest } from '../../hash/digest.ts';
import { entryFolder, indexOfEntry, type Layout } from '../../storage/local/layout.ts';
import { readManifestUnlocked } from '../../storage/local/read-entry.ts';
import { absoluteFile, type PathStyle } from '../../util/paths.ts';
import { findEntry } from '../hit/find-entry.ts';
import { openTree } from '../tree.ts';

/** What is known of a call today. */
export interface Today {
  /** When its result was last served, in milliseconds since 1970. Undefined if it was not, or if nobody knows. */
  readonly hitAt?: number;
  /** Whether the same call would be a hit now, as far as files tell. `unknown` where only text decides. */
  readonly now: 'hit' | 'unknown' | MissCause;
}

/** Looks at the files and at the cache, and counts nothing as used. Never throws. */
export function today(call: KeptCall, layout: Layout, style: PathStyle): Today {
  const { lookup } = call;
  if (!lookup) return { now: 'unknown' };
  try {
    const hitAt = lastHit(call, layout);
    return { ...(hitAt !== undefined && { hitAt }), now: lookAgain({ ...call, lookup }, layout, style) };
  } catch {
    return { now: 'unknown' };
  }
}

/**
 * A hit marks its artifact as used. One that was only stored is as old as its call. The last hit may have been one of an
 * earlier state of the headers, which the same manifest holds.
 */
function lastHit({ at, lookup }: KeptCall, layout: Layout): number | undefined {
  if (lookup === undefined) return undefined;
  const entries = readManifestUnlocked(layout, lookup.manifest as Digest)?.entries ?? [];
  const artifacts = [lookup.artifact ?? [], entries.map(({ artifact }) => artifact)].flat();
  const uses = artifacts.map((artifact) => {
    const index = indexOfEntry(entryFolder(layout, artifact));
    return statSync(index, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  });
  const used = Math.max(0, ...uses);
  return used > at ? used : undefined;
}

function lookAgain(
  { folder, baseDirectories, source, lookup }: KeptCall & { readonly lookup: KeptLookup },
  layout: Layout,
  style: PathStyle,
): Today['now'] {
  const parts = readManifestKeyParts(partsIn(lookup.parts));
  if (!parts || lookup.text !== undefined) return 'unknown';
  const files = { memory: new FileMemory(new FolderRecords(undefined, 'cl')) };
  const digestOf = (path: string) => files.memory.digest(absoluteFile(style, folder, path)) ?? '';
  if (digestOf(source) !== parts.sourceDigest) return { kind: 'source' };
  const input = parts.inputFiles.find(({ path, digest }) => digestOf(plainPath(path).spelled) !== digest);
  if (input) return { kind: 'inputFile', path: plainPath(input.path).spelled };
  const entries = readManifestUnlocked(layout, lookup.manifest as Digest)?.entries ?? [];
  if (entries.length === 0) return { kind: 'evicted' };
  if (entries.some(({ volatile }) => volatile)) return 'unknown';
  const tree = openTree({ style, workingDirectory: folder, baseDirectories }, () => []);
  const log = { trace: silent, profile: unprofiled, warn: () => {} };
  const view = { arguments: [], name: lookup.view };
  const found = findEntry({ tree, files, log, request: { view } }, source, entries);
  if (found.kind === 'none') return found.because.kind === 'otherTree' ? 'unknown' : found.because;
  return existsSync(indexOfEntry(entryFolder(layout, found.entry.artifact))) ? 'hit' : { kind: 'evicted' };
}
