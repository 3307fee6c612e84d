/** What files and the cache hold at present, for calls that were kept. */
import { statSync } from 'node:fs';
import { fromPortablePath } from '../../cache/base-directory.ts';
import { readManifestKeyParts } from '../../cache/key.ts';
import type { ManifestEntry } from '../../cache/manifest.ts';
import { type KeptCall, type KeptLookup, partsIn } from '../../explain/kept-call.ts';
import type { MissCause } from '../../explain/miss-causes.ts';
import { plainPath } from '../../explain/plain-path.ts';
import { FileMemory } from '../../files/file-memory.ts';
import { FolderRecords } from '../../files/folder-records.ts';
import { type Digest, digestOfParts } from '../../hash/digest.ts';
import { entryFolder, indexOfEntry, type Layout, layoutOf } from '../../storage/local/layout.ts';
import { readManifestUnlocked } from '../../storage/local/read-entry.ts';
import { absoluteFile, type PathStyle } from '../../util/paths.ts';

/** The cache, and the files as they are read for one answer. */
export interface Present {
  readonly layout: Layout;
  readonly style: PathStyle;
  readonly memory: FileMemory;
}

export function presentOf(cacheDirectory: string, style: PathStyle): Present {
  const memory = new FileMemory(new FolderRecords(undefined, 'cl'));
  return { layout: layoutOf(cacheDirectory), style, memory };
}

export type LookedUp = KeptCall & { readonly lookup: KeptLookup };

/** The key that the same call would have now. */
export interface KeyNow {
  /** Undefined if a part of the key is not kept as it was. */
  readonly manifest: Digest | undefined;
  /** What is not as it was then: the source, or a file that an option names. Undefined if nothing is. */
  readonly changed: MissCause | undefined;
}

/** Undefined if the parts of the key were not kept. */
export function keyNow(call: LookedUp, { style, memory }: Present): KeyNow | undefined {
  const { folder, baseDirectories, source, lookup } = call;
  const before = partsIn(lookup.parts);
  const read = readManifestKeyParts(before);
  if (!read) return undefined;
  const digestOf = (path: string) => memory.digest(absoluteFile(style, folder, path)) ?? '';
  const roots = { style, workingDirectory: folder, baseDirectories };
  const inputs = read.inputFiles.map(({ path, digest }) => {
    const { spelled, absolute } = plainPath(path);
    return { path, spelled, digest, now: digestOf(fromPortablePath(roots, absolute) ?? spelled) };
  });
  const sourceNow = digestOf(source);
  const input = inputs.find(({ digest, now }) => now !== digest);
  const changed: MissCause | undefined =
    sourceNow !== read.sourceDigest
      ? { kind: 'source' }
      : input && { kind: 'inputFile', path: input.spelled };
  const contents = [...inputs.flatMap(({ path, now }) => [path, now]), sourceNow];
  const isWhole = digestOfParts(before) === lookup.manifest;
  const parts = [...before.slice(0, -contents.length), ...contents];
  return { changed, manifest: isWhole ? digestOfParts(parts) : undefined };
}

/** What the manifest of a key holds. Throws system errors. */
export function entriesOf(layout: Layout, key: string | undefined): readonly ManifestEntry[] {
  return key === undefined ? [] : (readManifestUnlocked(layout, key as Digest)?.entries ?? []);
}

/**
 * When the result of a call was last served after it, in milliseconds since 1970. Undefined if it was not, or if nobody
 * knows. A hit marks its artifact as used, and one that was only stored is as old as the call that stored it, which may be
 * another one of `calls`, all those of the source. What was served may be of an earlier state: of the headers, which the
 * same manifest holds, or of the source, to which the source went back. Throws system errors.
 */
export function lastHit(call: KeptCall, calls: readonly KeptCall[], present: Present): number | undefined {
  const { lookup } = call;
  if (lookup === undefined) return undefined;
  const keys = new Set([lookup.manifest, keyNow({ ...call, lookup }, present)?.manifest]);
  const entries = [...keys].flatMap((key) => entriesOf(present.layout, key));
  const artifacts = [lookup.artifact ?? [], entries.map(({ artifact }) => artifact)].flat();
  const uses = artifacts.flatMap((artifact) => {
    const index = indexOfEntry(entryFolder(present.layout, artifact));
    const used = statSync(index, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const storing = calls.filter((one) => one.lookup?.artifact === artifact);
    return [call, ...storing].every(({ at }) => used > at) ? [used] : [];
  });
  return uses.length === 0 ? undefined : Math.max(...uses);
}
