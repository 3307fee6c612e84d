import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {
  type ArtifactRole,
  decodeArtifactIndex,
  encodeArtifactIndex,
  FILE_NAMES,
} from '../../cache/artifact.ts';
import type { TreeRoots } from '../../cache/base-directory.ts';
import { decodeManifest, EMPTY_MANIFEST, encodeManifest, type Manifest } from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import {
  removeIfPossible,
  removeWithRetrySync,
  renameWithRetrySync,
  writeFileAtomicSync,
} from '../../util/atomic-file.ts';
import { errorCode, isBusyError, retryWhileBusy } from '../../util/busy-retry.ts';
import { withFileLock } from '../../util/file-lock.ts';
import type {
  Growth,
  ManifestResult,
  NewArtifactFile,
  RestoreResult,
  RestoreTarget,
  Store,
} from '../store.ts';
import { preferredCompression } from './compression.ts';
import {
  ARTIFACT_FILE,
  entryFolder,
  type Layout,
  layoutOf,
  manifestFile,
  manifestLock,
  temporarySibling,
} from './layout.ts';
import { restoreArtifactFiles } from './restore.ts';
import { storeBytes, storeFile } from './stored-file.ts';

/**
 * On Windows a file that is open for reading cannot be replaced, so reads of what is replaced are locked as well.
 * Elsewhere a reader has the old manifest or the new one; its lock would be 0.4 ms of every hit, a third of what a
 * source costs in a call of two hundred, and 64 processes that hit with one source waited for it a third of their time.
 */
const READERS_HOLD_WRITERS_UP = process.platform === 'win32';

export interface LocalStoreOptions {
  readonly cacheDirectory: string;
  readonly lockTimeoutMs: number;
  readonly hardLink: boolean;
  readonly compress: boolean;
  readonly compressionLevel?: number;
}

/**
 * The store in a folder. Manifests change, each under the lock of its section, and are replaced as a whole. Artifacts never
 * change: each is a folder that is renamed into place whole, and needs no lock.
 */
export class LocalStore implements Store {
  readonly #layout: Layout;
  readonly #options: LocalStoreOptions;

  constructor(options: LocalStoreOptions) {
    this.#layout = layoutOf(options.cacheDirectory);
    this.#options = options;
  }

  async readManifest(key: Digest): Promise<ManifestResult> {
    const file = manifestFile(this.#layout, key);
    const read = () => readManifestFile(file);
    const result = READERS_HOLD_WRITERS_UP
      ? await withFileLock(manifestLock(this.#layout, key), this.#options.lockTimeoutMs, read)
      : read();
    if (result.kind === 'read' && result.manifest !== EMPTY_MANIFEST) markUsed(file);
    return result;
  }

  updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number> {
    const file = manifestFile(this.#layout, key);
    return withFileLock(manifestLock(this.#layout, key), this.#options.lockTimeoutMs, () => {
      const current = readManifestFile(file);
      const text = encodeManifest(change(current.kind === 'read' ? current.manifest : EMPTY_MANIFEST));
      const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      writeFileAtomicSync(file, text);
      return Buffer.byteLength(text) - before;
    });
  }

  restoreArtifact(key: Digest, targets: readonly RestoreTarget[], roots: TreeRoots): RestoreResult {
    const folder = entryFolder(this.#layout, key);
    const indexFile = `${folder}/${ARTIFACT_FILE}`;
    let text: string;
    try {
      text = retryWhileBusy(() => readFileSync(indexFile, 'utf8'));
    } catch (error) {
      // Held by a scanner for longer than we wait: nothing is wrong with the entry.
      if (isBusyError(error)) throw error;
      if (errorCode(error) !== 'ENOENT')
        return { kind: 'damaged', because: `${indexFile}: ${errorCode(error)}` };
      // A folder without its index was not made by us in one piece.
      return this.#folderExists(folder)
        ? { kind: 'damaged', because: `${indexFile} is missing` }
        : { kind: 'absent' };
    }
    const index = decodeArtifactIndex(text, key);
    if (!index) return { kind: 'damaged', because: `${indexFile} does not check` };
    const result = restoreArtifactFiles({ folder, index, targets, roots, hardLink: this.#options.hardLink });
    if (result.kind === 'restored') markUsed(indexFile);
    return result;
  }

  putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Growth {
    const folder = entryFolder(this.#layout, key);
    const temporary = temporarySibling(folder);
    mkdirSync(temporary, { recursive: true });
    try {
      const bytes = this.#writeArtifact(temporary, key, files);
      const replaced = replace ? moveAside(folder) : undefined;
      const isFirst = renameUnlessThere(temporary, folder);
      if (!isFirst) removeWithRetrySync(temporary);
      return {
        entries: (isFirst ? 1 : 0) - (replaced ? 1 : 0),
        bytes: (isFirst ? bytes : 0) - (replaced?.bytes ?? 0),
      };
    } catch (error) {
      removeIfPossible(temporary);
      throw error;
    }
  }

  #writeArtifact(folder: string, key: Digest, files: readonly NewArtifactFile[]): number {
    const { compress, compressionLevel } = this.#options;
    let bytes = 0;
    const stored = files.map((file) => {
      const target = `${folder}/${FILE_NAMES[file.role]}`;
      const compression = compress && !isStream(file.role) ? preferredCompression() : 'none';
      const contents =
        'path' in file
          ? storeFile(file.path, target, compression, compressionLevel)
          : storeBytes(file.bytes, target, compression, compressionLevel);
      bytes += contents.storedSize;
      const { size, digest } = contents;
      const splices = 'splices' in file ? file.splices : [];
      return { role: file.role, size, digest, compression: contents.compression, splices };
    });
    const index = encodeArtifactIndex({ key, files: stored });
    writeFileSync(`${folder}/${ARTIFACT_FILE}`, index);
    return bytes + Buffer.byteLength(index);
  }

  #folderExists(folder: string): boolean {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  }
}

/** What a compiler prints is short, and read on every hit. */
function isStream(role: ArtifactRole): boolean {
  return role === 'stdout' || role === 'stderr';
}

function readManifestFile(file: string): ManifestResult {
  let text: string;
  try {
    text = retryWhileBusy(() => readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'read', manifest: EMPTY_MANIFEST };
    throw error;
  }
  const manifest = decodeManifest(text);
  return manifest ? { kind: 'read', manifest } : { kind: 'broken', file };
}

/** Last use is the modification time of the index or manifest: access times are off on many machines. */
function markUsed(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Evicted meanwhile, or a cache that may only be read: the mark is a hint, not a promise.
  }
}

/** True if the folder is now there under its name; false if another process was faster with an equal one. */
function renameUnlessThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    if (!isBusyError(error)) throw error;
  }
  // Windows says EPERM both for a folder that exists and for one with a file that a scanner holds.
  if (statSync(to, { throwIfNoEntry: false })) return false;
  renameWithRetrySync(from, to);
  return true;
}

/** Takes a damaged artifact out of the way and removes it. Undefined if there was none. */
function moveAside(folder: string): { bytes: number } | undefined {
  const aside = temporarySibling(folder);
  try {
    renameSync(folder, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = readdirSync(aside).reduce((sum, name) => sum + statSync(`${aside}/${name}`).size, 0);
  removeIfPossible(aside);
  return { bytes };
}
