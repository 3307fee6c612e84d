import { readFileSync } from 'node:fs';
import { type ArtifactFile, decodeArtifactIndex, FILE_NAMES } from '../../cache/artifact.ts';
import { decodeManifest, type Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { errorCode, retryWhileBusy } from '../../util/busy-retry.ts';
import type { NewArtifactFile } from '../store.ts';
import { ARTIFACT_FILE, entryFolder, type Layout, manifestFile } from './layout.ts';
import { readStored } from './stored-file.ts';

type EntryFile = Extract<NewArtifactFile, { readonly bytes: Uint8Array }>;

/**
 * The verified files of an entry, to be sent elsewhere. Undefined if there is none, if it does not verify, or if its
 * files are larger than `maximumSize` bytes together. Does not count as a use. Throws system errors.
 */
export function readEntry(
  layout: Layout,
  key: Digest,
  maximumSize: number,
): readonly EntryFile[] | undefined {
  const folder = entryFolder(layout, key);
  const index = readText(`${folder}/${ARTIFACT_FILE}`);
  const rows = index === undefined ? undefined : decodeArtifactIndex(index, key)?.files;
  if (!rows || rows.reduce((sum, { size }) => sum + size, 0) > maximumSize) return undefined;
  const files: EntryFile[] = [];
  for (const row of rows) {
    const bytes = readFile(folder, row);
    if (!bytes) return undefined;
    files.push({ role: row.role, bytes, splices: row.splices });
  }
  return files;
}

/** The manifest of a key as it is now, without its lock: it is replaced as a whole. Undefined if there is none. */
export function readManifestUnlocked(layout: Layout, key: Digest): Manifest | undefined {
  const text = readText(manifestFile(layout, key));
  return text === undefined ? undefined : decodeManifest(text);
}

function readFile(folder: string, row: ArtifactFile): Uint8Array | undefined {
  try {
    return readStored(`${folder}/${FILE_NAMES[row.role]}`, row);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function readText(file: string): string | undefined {
  try {
    return retryWhileBusy(() => readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
