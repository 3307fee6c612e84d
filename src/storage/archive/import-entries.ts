import type { Digest } from '../../hash/digest.ts';
import type { LocalStore } from '../local/local-store.ts';
import { ARTIFACT_LIMIT, unpackArtifact } from '../remote/artifact-body.ts';
import { keyOfEnvelope, openEnvelope } from '../remote/envelope.ts';
import { holdsAll, mergeManifests, unpackManifest } from '../remote/manifest-body.ts';
import type { Growth } from '../store.ts';
import { type ArchiveEnd, readArchive } from './archive-file.ts';

export interface ImportOptions {
  readonly store: LocalStore;
  readonly file: string;
  /** Only what it signed is taken. */
  readonly secret?: string | undefined;
}

export interface ImportResult {
  readonly end: ArchiveEnd;
  /** Taken, or there already. */
  readonly artifacts: number;
  readonly manifests: number;
  /** Records that did not prove themselves, or are of another version. */
  readonly refused: number;
  readonly growth: Growth;
}

/**
 * Adds the entries of an archive to the cache; each is verified before anything of it is written, and what is there
 * already stays. Builds may go on meanwhile. Throws system errors and `LockTimeoutError`.
 */
export async function importEntries({ store, file, secret }: ImportOptions): Promise<ImportResult> {
  const counts = { artifacts: 0, manifests: 0, refused: 0, entries: 0, bytes: 0 };
  const end = await readArchive(file, async (envelope) => {
    const name = keyOfEnvelope(envelope);
    const opened = name && openEnvelope(name, envelope, secret, ARTIFACT_LIMIT);
    const [, kind, key] = name?.split('/') ?? [];
    if (opened?.kind !== 'opened' || key === undefined) counts.refused += 1;
    else if (kind === 'o') addArtifact(key as Digest, opened.body);
    else await addManifest(key as Digest, opened.body);
  });

  function addArtifact(key: Digest, body: Uint8Array): void {
    const files = unpackArtifact(key, body);
    if (!files) {
      counts.refused += 1;
      return;
    }
    const growth = store.putArtifact(key, files, false);
    counts.artifacts += 1;
    counts.entries += growth.entries;
    counts.bytes += growth.bytes;
  }

  async function addManifest(key: Digest, body: Uint8Array): Promise<void> {
    const manifest = unpackManifest(body);
    if (!manifest) {
      counts.refused += 1;
      return;
    }
    counts.manifests += 1;
    counts.bytes += await store.updateManifest(key, (current) =>
      holdsAll(current, manifest) ? current : mergeManifests(current, manifest),
    );
  }

  const { artifacts, manifests, refused, entries, bytes } = counts;
  return { end, artifacts, manifests, refused, growth: { entries, bytes } };
}
