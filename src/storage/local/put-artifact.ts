/** The steps that put an artifact into its place: it is written beside it, whole, and renamed. */
import { lstatSync, renameSync, writeFileSync } from 'node:fs';
import { type ArtifactRole, encodeArtifactIndex } from '../../cache/artifact.ts';
import type { Digest } from '../../hash/digest.ts';
import { removeIfPossible, renameWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { temporarySibling } from '../../util/random-name.ts';
import type { NewArtifactFile } from '../store.ts';
import { preferredCompression } from './compression.ts';
import { indexOfEntry, outputOfEntry } from './layout.ts';
import { bytesBelow } from './sizes.ts';
import { storeBytes, storeFile } from './stored-file.ts';

export interface Packing {
  readonly compress: boolean;
  readonly compressionLevel?: number;
}

/** Writes all files of an artifact, and its index, into a new folder. Returns the bytes that they take. */
export function writeArtifact(
  folder: string,
  { key, files }: { readonly key: Digest; readonly files: readonly NewArtifactFile[] },
  { compress, compressionLevel }: Packing,
): number {
  let bytes = 0;
  const stored = files.map((file) => {
    const target = outputOfEntry(folder, file.role);
    const compression = compress && !isStream(file.role) ? preferredCompression() : 'none';
    const how = { compression, level: compressionLevel };
    const contents = 'path' in file ? storeFile(file.path, target, how) : storeBytes(file.bytes, target, how);
    bytes += contents.storedSize;
    const { size, digest } = contents;
    const splices = 'splices' in file ? file.splices : [];
    const { role, compileMs } = file;
    return { role, size, digest, compression: contents.compression, splices, compileMs };
  });
  const index = encodeArtifactIndex({ key, files: stored });
  writeFileSync(indexOfEntry(folder), index, { flag: 'wx' });
  return bytes + Buffer.byteLength(index);
}

/** True if the folder was renamed. False if another process has put an equal one there. */
export function renameUnlessThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    if (code !== 'ENOTDIR' && !isBusyError(error)) throw error;
  }
  // Windows says EPERM if the target exists, and also if a virus scanner holds a file in the folder.
  const found = lstatSync(to, { throwIfNoEntry: false });
  if (found?.isDirectory()) return false;
  if (found) moveAside(to);
  renameWithRetrySync(from, to);
  return true;
}

/** Moves a damaged artifact aside and removes it. Undefined if there was nothing. */
export function moveAside(folder: string): { readonly bytes: number } | undefined {
  const aside = temporarySibling(folder);
  try {
    renameSync(folder, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = bytesBelow(aside);
  removeIfPossible(aside);
  return { bytes };
}

/** A compiler's output is short, and is read on every hit. */
function isStream(role: ArtifactRole): boolean {
  return role === 'stdout' || role === 'stderr';
}
