import { type ArtifactFile, decodeArtifactIndex, MAXIMUM_INDEX_SIZE } from '../../cache/artifact.ts';
import { decodeManifest, MAXIMUM_MANIFEST_SIZE, type Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { readOwnText, UnfitFileError } from '../../util/own-file.ts';
import type { NewArtifactFile } from '../store.ts';
import { entryFolder, indexOfEntry, type Layout, manifestFile, outputOfEntry } from './layout.ts';
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
  const rows = readEntryIndex(layout, key);
  if (!rows || rows.reduce((sum, { size }) => sum + size, 0) > maximumSize) return undefined;
  const files: EntryFile[] = [];
  for (const row of rows) {
    const bytes = readFile(folder, row);
    if (!bytes) return undefined;
    files.push({ role: row.role, bytes, splices: row.splices, compileMs: row.compileMs });
  }
  return files;
}

/** The index of an entry. Undefined if there is none, or if it does not verify. Throws system errors. */
export function readEntryIndex(layout: Layout, key: Digest): readonly ArtifactFile[] | undefined {
  const index = readText(indexOfEntry(entryFolder(layout, key)), MAXIMUM_INDEX_SIZE);
  return index === undefined ? undefined : decodeArtifactIndex(index, key)?.files;
}

/** The manifest of a key, read without its lock, because it is replaced as a whole. Undefined if there is none. */
export function readManifestUnlocked(layout: Layout, key: Digest): Manifest | undefined {
  const text = readText(manifestFile(layout, key), MAXIMUM_MANIFEST_SIZE);
  return text === undefined ? undefined : decodeManifest(text);
}

function readFile(folder: string, row: ArtifactFile): Uint8Array | undefined {
  try {
    return readStored(outputOfEntry(folder, row.role), row);
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

function readText(file: string, maximumSize: number): string | undefined {
  try {
    return readOwnText(file, maximumSize);
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

/** The entry was removed meanwhile, or the path never was an entry. */
function isNothing(error: unknown): boolean {
  return error instanceof UnfitFileError || ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
}
