import type { Digest } from '../../hash/digest.ts';
import type { LocalStore } from '../local/local-store.ts';
import { artifactKeyName, manifestKeyName } from '../remote/remote.ts';
import type { Growth } from '../store.ts';
import { ARTIFACT_LIMIT, unpackArtifact } from '../wire/artifact-body.ts';
import { keyOfEnvelope, openEnvelope } from '../wire/envelope.ts';
import { holdsAll, mergeManifests, unpackManifest } from '../wire/manifest-body.ts';
import type { Sealing } from '../wire/sealing.ts';
import { type ArchiveEnd, readArchive } from './archive-file.ts';

export interface ImportOptions {
  readonly store: LocalStore;
  readonly file: string;
  /** Only entries that it proves are accepted. */
  readonly sealing?: Sealing;
  /** Called before this many bytes are stored. The entry is left out if it resolves to false. */
  readonly makeRoom?: (bytes: number) => Promise<boolean>;
}

export interface ImportResult {
  readonly end: ArchiveEnd;
  /** How many were added or were in the cache already. */
  readonly artifacts: number;
  readonly manifests: number;
  /** Records that did not verify, or have another format. */
  readonly refused: number;
  /** Artifacts that are too large for the cache. */
  readonly tooLarge: number;
  readonly growth: Growth;
}

/** `ImportResult` while it is counted. */
interface Counts {
  artifacts: number;
  manifests: number;
  refused: number;
  tooLarge: number;
  entries: number;
  bytes: number;
}

interface Entry {
  readonly key: Digest;
  readonly body: Uint8Array;
}

/**
 * Adds the entries of an archive to the cache. Each is verified before it is written, and existing entries stay. Builds
 * may run meanwhile. Throws system errors and `LockTimeoutError`.
 */
export async function importEntries(options: ImportOptions): Promise<ImportResult> {
  const counts: Counts = { artifacts: 0, manifests: 0, refused: 0, tooLarge: 0, entries: 0, bytes: 0 };
  const end = await readArchive(options.file, async (envelope) => {
    const name = keyOfEnvelope(envelope);
    const key = name?.slice(name.lastIndexOf('/') + 1) as Digest | undefined;
    const opened =
      name && openEnvelope(name, envelope, { sealing: options.sealing ?? {}, maximumSize: ARTIFACT_LIMIT });
    // Entries of another format have other names.
    const add =
      key === undefined
        ? undefined
        : { [artifactKeyName(key)]: addArtifact, [manifestKeyName(key)]: addManifest };
    const addOne = name && add?.[name];
    if (opened?.kind !== 'opened' || !addOne || key === undefined) counts.refused += 1;
    else await addOne(options, counts, { key, body: opened.body });
  });
  const { artifacts, manifests, refused, tooLarge, entries, bytes } = counts;
  return { end, artifacts, manifests, refused, tooLarge, growth: { entries, bytes } };
}

async function addArtifact(
  { store, makeRoom }: ImportOptions,
  counts: Counts,
  { key, body }: Entry,
): Promise<void> {
  const files = unpackArtifact(key, body);
  if (!files) counts.refused += 1;
  else if (makeRoom && !(await makeRoom(body.length))) counts.tooLarge += 1;
  else {
    const growth = await store.putArtifact(key, files, false);
    counts.artifacts += 1;
    counts.entries += growth.entries;
    counts.bytes += growth.bytes;
  }
}

async function addManifest(
  { store, makeRoom }: ImportOptions,
  counts: Counts,
  { key, body }: Entry,
): Promise<void> {
  const manifest = unpackManifest(body);
  if (!manifest) counts.refused += 1;
  else if (makeRoom && !(await makeRoom(body.length))) counts.tooLarge += 1;
  else {
    counts.manifests += 1;
    counts.bytes += await store.updateManifest(key, (current) =>
      holdsAll(current, manifest) ? current : mergeManifests(current, manifest),
    );
  }
}
