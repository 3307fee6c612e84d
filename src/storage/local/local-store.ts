import { lstatSync, mkdirSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeArtifactIndex, MAXIMUM_INDEX_SIZE } from '../../cache/artifact.ts';
import type { TreeRoots } from '../../cache/base-directory.ts';
import {
  decodeManifest,
  EMPTY_MANIFEST,
  encodeWithinLimits,
  MAXIMUM_MANIFEST_SIZE,
  type Manifest,
} from '../../cache/manifest.ts';
import type { Digest } from '../../hash/digest.ts';
import { removeIfPossible, removeWithRetrySync } from '../../util/atomic-file.ts';
import { errorCode, isBusyError } from '../../util/busy-retry.ts';
import { withCacheUmask } from '../../util/cache-umask.ts';
import { withFileLock } from '../../util/file-lock.ts';
import { isLink } from '../../util/file-stat.ts';
import { readOwnText, UnfitFileError } from '../../util/own-file.ts';
import { makeOwnFolder } from '../../util/own-folder.ts';
import { temporarySibling } from '../../util/random-name.ts';
import {
  type Growth,
  type ManifestResult,
  type NewArtifactFile,
  noAccounts,
  type RestoreResult,
  type RestoreTarget,
  type SizeAccounts,
  type Store,
} from '../store.ts';
import {
  entryFolder,
  indexOfEntry,
  type Layout,
  LEVELS_OF_SECTIONS,
  layoutOf,
  manifestFile,
  manifestLock,
} from './layout.ts';
import { moveAside, renameUnlessThere, writeArtifact } from './put-artifact.ts';
import { restoreArtifactFiles } from './restore.ts';
import { bytesBelow } from './sizes.ts';

/**
 * Windows cannot replace a file that is open for reading, so there reads take the lock as well. Elsewhere a reader gets
 * the old manifest or the new one. Its lock would take 0.4 ms of every hit, a third of the time of one source in a call
 * of 200, and 64 processes that hit one source waited for it a third of their time.
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
 * The store in a folder. A manifest is changed under the lock of its section and replaced as a whole. An artifact never
 * changes: it is a folder that is renamed into place whole, and needs no lock.
 */
export class LocalStore implements Store {
  readonly #layout: Layout;
  readonly #options: LocalStoreOptions;
  readonly #accounts: SizeAccounts;

  /** `accounts` is informed of how much the folder grows. */
  constructor(options: LocalStoreOptions, accounts: SizeAccounts = noAccounts(options.lockTimeoutMs)) {
    this.#accounts = accounts;
    this.#layout = layoutOf(options.cacheDirectory);
    this.#options = options;
  }

  async readManifest(key: Digest): Promise<ManifestResult> {
    const file = manifestFile(this.#layout, key);
    const result = READERS_HOLD_WRITERS_UP
      ? await withFileLock(this.#lockOf(key), this.#options.lockTimeoutMs, () => readManifestFile(file))
      : readManifestFile(file);
    if (result.kind === 'read' && result.manifest !== EMPTY_MANIFEST) markUsed(file);
    return result;
  }

  async updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number> {
    const { writeFileAtomicSync } = await import('../../util/whole-file.ts');
    const file = manifestFile(this.#layout, key);
    const growth = await this.#accounts.record(key, [this.#lockOf(key)], (stillHeld) => {
      const current = readManifestFile(file);
      const text = encodeWithinLimits(change(current.kind === 'read' ? current.manifest : EMPTY_MANIFEST));
      const before = bytesBelow(file);
      writeFileAtomicSync(file, text, stillHeld);
      return { entries: 0, bytes: Buffer.byteLength(text) - before };
    });
    return growth.bytes;
  }

  restoreArtifact(key: Digest, targets: readonly RestoreTarget[], roots: TreeRoots): RestoreResult {
    const folder = entryFolder(this.#layout, key);
    const indexFile = indexOfEntry(folder);
    // What a link leads to is not in the cache.
    if (isLink(folder)) return { kind: 'damaged', because: `${folder} is a link` };
    let text: string;
    try {
      text = readOwnText(indexFile, MAXIMUM_INDEX_SIZE);
    } catch (error) {
      // A virus scanner held a file for too long. The entry itself is not damaged.
      if (isBusyError(error)) throw error;
      if (errorCode(error) !== 'ENOENT')
        return { kind: 'damaged', because: `${indexFile}: ${errorCode(error)}` };
      // A folder without its index is not a complete entry.
      return lstatSync(folder, { throwIfNoEntry: false })
        ? { kind: 'damaged', because: `${indexFile} is missing` }
        : { kind: 'absent' };
    }
    const index = decodeArtifactIndex(text, key);
    if (!index) return { kind: 'damaged', because: `${indexFile} does not verify` };
    const result = restoreArtifactFiles({ folder, index, targets, roots, hardLink: this.#options.hardLink });
    if (result.kind === 'restored') markUsed(indexFile);
    return result;
  }

  async putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Promise<Growth> {
    const folder = entryFolder(this.#layout, key);
    const temporary = temporarySibling(folder);
    makeOwnFolder(dirname(folder), LEVELS_OF_SECTIONS);
    withCacheUmask(() => mkdirSync(temporary));
    try {
      const bytes = withCacheUmask(() => writeArtifact(temporary, { key, files }, this.#options));
      return await this.#accounts.record(key, [], () => {
        const replaced = replace ? moveAside(folder) : undefined;
        const isFirst = renameUnlessThere(temporary, folder);
        if (!isFirst) removeWithRetrySync(temporary);
        return {
          entries: (isFirst ? 1 : 0) - (replaced ? 1 : 0),
          bytes: (isFirst ? bytes : 0) - (replaced?.bytes ?? 0),
        };
      });
    } catch (error) {
      removeIfPossible(temporary);
      throw error;
    }
  }

  #lockOf(key: Digest): string {
    const lock = manifestLock(this.#layout, key);
    makeOwnFolder(dirname(lock), LEVELS_OF_SECTIONS);
    return lock;
  }
}

function readManifestFile(file: string): ManifestResult {
  let text: string;
  try {
    text = readOwnText(file, MAXIMUM_MANIFEST_SIZE);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'read', manifest: EMPTY_MANIFEST };
    if (error instanceof UnfitFileError) return { kind: 'broken', file };
    throw error;
  }
  const manifest = decodeManifest(text);
  return manifest ? { kind: 'read', manifest } : { kind: 'broken', file };
}

/** The last use is the modification time of the index or manifest, because many machines do not record access times. */
function markUsed(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // The file was evicted meanwhile, or the cache is read-only. The time is only a hint.
  }
}
