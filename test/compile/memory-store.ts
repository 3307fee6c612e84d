import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { TreeRoots } from '../../src/cache/base-directory.ts';
import { EMPTY_MANIFEST, type Manifest } from '../../src/cache/manifest.ts';
import { joinTree, type Splice } from '../../src/cache/tree-text.ts';
import type { Digest } from '../../src/hash/digest.ts';
import type {
  Growth,
  ManifestResult,
  NewArtifactFile,
  RestoreResult,
  RestoreTarget,
  Store,
} from '../../src/storage/store.ts';

interface StoredFile {
  readonly role: NewArtifactFile['role'];
  readonly bytes: Uint8Array;
  readonly splices: readonly Splice[];
}

/** A store in memory. Tests may read and damage its contents. */
export class MemoryStore implements Store {
  readonly manifests = new Map<Digest, Manifest>();
  readonly artifacts = new Map<Digest, readonly StoredFile[]>();
  /** Thrown by every method while it is set. */
  failure: Error | undefined;

  async readManifest(key: Digest): Promise<ManifestResult> {
    this.#failIfAsked();
    return { kind: 'read', manifest: this.manifests.get(key) ?? EMPTY_MANIFEST };
  }

  async updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number> {
    this.#failIfAsked();
    const before = this.manifests.get(key) ?? EMPTY_MANIFEST;
    const after = change(before);
    this.manifests.set(key, after);
    return JSON.stringify(after).length - JSON.stringify(before).length;
  }

  restoreArtifact(key: Digest, targets: readonly RestoreTarget[], roots: TreeRoots): RestoreResult {
    this.#failIfAsked();
    const files = this.artifacts.get(key);
    if (!files) return { kind: 'absent' };
    const texts = new Map<string, Uint8Array>();
    for (const { role, bytes, splices } of files) {
      const text = joinTree(roots, { bytes, splices });
      if (!text || (role === 'object' && text.length === 0)) return damaged(`the ${role} does not verify`);
      texts.set(role, text);
    }
    const outputs = files.filter(({ role }) => role !== 'stdout' && role !== 'stderr');
    const isComplete = targets.every(({ role }) => texts.has(role)) && outputs.length === targets.length;
    if (!isComplete) return damaged('its files are not those that are asked for');
    writeAll(targets, texts);
    const streamOf = (role: 'stdout' | 'stderr') => texts.get(role) ?? new Uint8Array();
    return { kind: 'restored', stdout: streamOf('stdout'), stderr: streamOf('stderr') };
  }

  async putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Promise<Growth> {
    this.#failIfAsked();
    const stored = files.map(
      (file): StoredFile =>
        'path' in file
          ? { role: file.role, bytes: readFileSync(file.path), splices: [] }
          : { role: file.role, bytes: Uint8Array.from(file.bytes), splices: file.splices },
    );
    const before = this.artifacts.get(key);
    if (before && !replace) return { entries: 0, bytes: 0 };
    this.artifacts.set(key, stored);
    return { entries: before ? 0 : 1, bytes: sizeOf(stored) - sizeOf(before ?? []) };
  }

  /** Makes every artifact one that does not verify. */
  damage(): void {
    for (const key of this.artifacts.keys()) this.artifacts.set(key, []);
  }

  #failIfAsked(): void {
    if (this.failure) throw this.failure;
  }
}

function damaged(because: string): RestoreResult {
  return { kind: 'damaged', because };
}

/** All of them or none. */
function writeAll(targets: readonly RestoreTarget[], texts: ReadonlyMap<string, Uint8Array>): void {
  const written: string[] = [];
  try {
    for (const { role, path } of targets) {
      if (!existsSync(path)) written.push(path);
      writeFileSync(path, texts.get(role) ?? '');
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
}

function sizeOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
