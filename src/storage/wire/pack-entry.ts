import type { ArtifactFile } from '../../cache/artifact.ts';
import type { Digest } from '../../hash/digest.ts';
import { entryFolder, type Layout, outputOfEntry } from '../local/layout.ts';
import { readEntryIndex } from '../local/read-entry.ts';
import { verifiedChunks } from '../local/stored-file.ts';
import { artifactKeyName } from '../remote/remote.ts';
import { ARTIFACT_LIMIT, packHead } from './artifact-body.ts';
import { sealInSteps } from './envelope.ts';
import type { Sealing } from './sealing.ts';

/** An entry of the local store that may be sent. */
export interface SendableEntry {
  readonly key: Digest;
  /** The size of all its files, in bytes. */
  readonly size: number;
  readonly files: readonly ArtifactFile[];
}

/** Undefined if there is no such entry, if it does not verify, or if it is larger than what stores take. */
export function sendableEntry(layout: Layout, key: Digest): SendableEntry | undefined {
  const files = readEntryIndex(layout, key);
  if (!files) return undefined;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size <= ARTIFACT_LIMIT ? { key, size, files } : undefined;
}

/**
 * The envelope of an entry, made in steps of a few milliseconds. `pause` is awaited between them, and may reject to
 * stop. Undefined if a file does not verify. Throws system errors.
 */
export async function packEntry(
  layout: Layout,
  entry: SendableEntry,
  sealing: Sealing,
  pause: () => Promise<void>,
): Promise<Uint8Array | undefined> {
  const folder = entryFolder(layout, entry.key);
  const head = packHead(
    entry.key,
    entry.files.map((file) => ({ ...file, compression: 'none' })),
  );
  const body = Buffer.allocUnsafe(head.length + entry.size);
  body.set(head);
  let position = head.length;
  for (const file of entry.files) {
    const chunks = verifiedChunks(outputOfEntry(folder, file.role), file);
    for (let next = chunks.next(); ; next = chunks.next()) {
      if (next.done === true) {
        if (!next.value) return undefined;
        break;
      }
      body.set(next.value, position);
      position += next.value.length;
      await pause();
    }
  }
  return sealInSteps(artifactKeyName(entry.key), body, sealing, pause);
}
