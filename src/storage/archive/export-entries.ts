import { EMPTY_MANIFEST, type Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { keyOfItem, layoutOf } from '../local/layout.ts';
import { readEntry, readManifestUnlocked } from '../local/read-entry.ts';
import { listSections, type Section, type StoredItem, surveySection } from '../local/survey.ts';
import { artifactKeyName, manifestKeyName } from '../remote/remote.ts';
import { ARTIFACT_LIMIT, packArtifact } from '../wire/artifact-body.ts';
import { sealEnvelope } from '../wire/envelope.ts';
import { packManifest } from '../wire/manifest-body.ts';
import type { Sealing } from '../wire/sealing.ts';
import { writeArchive } from './archive-file.ts';

/** Which entries are exported: those used since a time in milliseconds, or since the last build began. */
export type Since = number | 'lastBuild';

export interface ExportOptions {
  readonly cacheDirectory: string;
  /** The file to write. It is replaced when the archive is complete. */
  readonly file: string;
  /** Without it, all entries are exported. */
  readonly since?: Since;
  /** Proves the entries. */
  readonly sealing?: Sealing;
}

export interface ExportResult {
  readonly artifacts: number;
  readonly manifests: number;
  /** The size of the file, in bytes. */
  readonly bytes: number;
}

/** A longer pause in the use of the cache separates two builds. */
const PAUSE_BETWEEN_BUILDS_MS = 15 * 60 * 1000;

/** Writes entries and the manifests that name them to one file. Builds may run meanwhile. Throws system errors. */
export function exportEntries({ cacheDirectory, file, since, sealing = {} }: ExportOptions): ExportResult {
  const layout = layoutOf(cacheDirectory);
  const sections = listSections(layout).map(surveySection);
  const [objects, manifests] = [itemsOf(sections, 'objects'), itemsOf(sections, 'manifests')];
  const from = since === 'lastBuild' ? startOfLastBuild([...objects, ...manifests]) : (since ?? 0);
  const exported = new Set<Digest>();
  let manifestCount = 0;
  let bytes = 0;
  writeArchive(file, (writer) => {
    for (const item of objects) {
      if (item.lastUsed < from) continue;
      const key = keyOf(item);
      const files = readEntry(layout, key, ARTIFACT_LIMIT);
      const body = files && packArtifact(key, files);
      if (!body) continue;
      writer.add(sealEnvelope(artifactKeyName(key), body, sealing));
      exported.add(key);
    }
    for (const item of manifests) {
      if (item.lastUsed < from) continue;
      const key = keyOf(item);
      const manifest = onlyWith(exported, readManifestUnlocked(layout, key) ?? EMPTY_MANIFEST);
      if (manifest.entries.length === 0) continue;
      writer.add(sealEnvelope(manifestKeyName(key), packManifest(manifest), sealing));
      manifestCount += 1;
    }
    bytes = writer.bytes;
  });
  return { artifacts: exported.size, manifests: manifestCount, bytes };
}

function itemsOf(sections: readonly Section[], kind: Section['kind']): StoredItem[] {
  return sections.filter((section) => section.kind === kind).flatMap(({ items }) => items);
}

/** The time of the first use after the last pause between builds. */
function startOfLastBuild(items: readonly StoredItem[]): number {
  const uses = items.map(({ lastUsed }) => lastUsed).sort((left, right) => right - left);
  let start = uses[0] ?? 0;
  for (const use of uses) {
    if (start - use > PAUSE_BETWEEN_BUILDS_MS) break;
    start = use;
  }
  return start;
}

function keyOf({ path }: StoredItem): Digest {
  return keyOfItem(path) as Digest;
}

/** The manifest without the entries whose artifacts are missing. Entries without an artifact stay. */
function onlyWith(artifacts: ReadonlySet<Digest>, manifest: Manifest): Manifest {
  return {
    entries: manifest.entries.filter((entry) => entry.volatile === true || artifacts.has(entry.artifact)),
  };
}
