import { existsSync } from 'node:fs';
import type { ArtifactFile, ArtifactIndex } from '../../cache/artifact.ts';
import type { TreeRoots } from '../../cache/base-directory.ts';
import { joinTree } from '../../cache/tree-text.ts';
import { tracked } from '../../runtime/file-tracking.ts';
import { randomDigits } from '../../runtime/random.ts';
import { removeWithRetrySync, renameWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode } from '../../util/busy-retry.ts';
import { UnfitFileError } from '../../util/own-file.ts';
import type { RestoreResult, RestoreTarget } from '../store.ts';
import { outputOfEntry } from './layout.ts';
import { linkFile, readStored, restoreFile, writeNewFile } from './stored-file.ts';

export interface Restoration {
  /** The folder of the artifact. */
  readonly folder: string;
  readonly index: ArtifactIndex;
  readonly targets: readonly RestoreTarget[];
  readonly roots: TreeRoots;
  readonly hardLink: boolean;
}

/**
 * Writes every file of an artifact beside its target and verifies it. If all verify, renames them into place. A target
 * is replaced and never removed first, so that a killed process leaves either the old file or the new one. An artifact
 * without a file for each target is damaged. Throws if a target cannot be written.
 */
export function restoreArtifactFiles(restoration: Restoration): RestoreResult {
  const missing = whatIsMissing(restoration);
  if (missing !== undefined) return { kind: 'damaged', because: missing };
  const written: { temporary: string; target: string }[] = [];
  const streams: Record<'stdout' | 'stderr', Uint8Array> = {
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
  };
  try {
    for (const file of restoration.index.files) {
      const stored = outputOfEntry(restoration.folder, file.role);
      if (file.role === 'stdout' || file.role === 'stderr') {
        const text = readText(stored, file, restoration.roots);
        if (!text) return { kind: 'damaged', because: `${stored} does not verify` };
        streams[file.role] = text;
        continue;
      }
      const target = restoration.targets.find(({ role }) => role === file.role)?.path;
      if (target === undefined)
        return { kind: 'damaged', because: `no place for a file of role ${file.role}` };
      const temporary = `${target}.${randomDigits()}.clcache`;
      written.push({ temporary, target });
      if (!writeTarget(restoration, file, { stored, temporary })) {
        return { kind: 'damaged', because: `${stored} does not verify` };
      }
    }
    // Build tools look at the object, which is the first output. So it comes last, when the others are in place.
    for (const { temporary, target } of written.toReversed()) {
      tracked(() => renameWithRetrySync(temporary, target));
    }
    // If both names are links to one file, as after an earlier hit, `rename` does nothing on POSIX.
    if (!restoration.hardLink) written.length = 0;
    return { kind: 'restored', ...streams, compileMs: restoration.index.files[0]?.compileMs };
  } catch (error) {
    if (error instanceof UnfitFileError) return { kind: 'damaged', because: error.message };
    if (errorCode(error) === 'ENOENT' && isMissingInStore(error, restoration.folder)) {
      // The entry was evicted meanwhile, unless its folder still exists.
      if (!existsSync(restoration.folder)) return { kind: 'absent' };
      return { kind: 'damaged', because: `${restoration.folder} is incomplete` };
    }
    throw error;
  } finally {
    for (const { temporary } of written) tracked(() => removeWithRetrySync(temporary));
  }
}

/** Every file that the compile would write must be there. A hit without an object would be wrong. */
function whatIsMissing({ index, targets, folder }: Restoration): string | undefined {
  for (const { role } of targets) {
    const file = index.files.find((one) => one.role === role);
    if (!file) return `${folder} has no file of role ${role}`;
    if (role === 'object' && file.size === 0) return `${folder} has an empty object`;
  }
  return undefined;
}

function writeTarget(
  restoration: Restoration,
  file: ArtifactFile,
  { stored, temporary }: Readonly<Record<'stored' | 'temporary', string>>,
): boolean {
  if (file.splices.length > 0) {
    const text = readText(stored, file, restoration.roots);
    if (text) writeNewFile(temporary, text);
    return text !== undefined;
  }
  // A database is written in place by whoever adds to it.
  const isCopied = !restoration.hardLink || file.role === 'database' || file.compression !== 'none';
  if (isCopied) return restoreFile(stored, file, temporary);
  try {
    return linkFile(stored, file, temporary);
  } catch {
    // Another drive, a file system without links, or too many links: copy the file instead.
    removeWithRetrySync(temporary);
    return restoreFile(stored, file, temporary);
  }
}

function readText(stored: string, file: ArtifactFile, roots: TreeRoots): Uint8Array | undefined {
  const bytes = readStored(stored, file);
  return bytes && joinTree(roots, { bytes, splices: file.splices });
}

function isMissingInStore(error: unknown, folder: string): boolean {
  return error instanceof Error && 'path' in error && String(error.path).startsWith(folder);
}
