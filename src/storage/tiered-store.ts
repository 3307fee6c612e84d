import type { TreeRoots } from '../cache/base-directory.ts';
import { EMPTY_MANIFEST, type Manifest, type ManifestEntry } from '../cache/manifest.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { Digest } from '../hash/digest.ts';
import { layoutOf } from './local/layout.ts';
import type { LocalStore } from './local/local-store.ts';
import type { RemoteLevel } from './remote/remote-level.ts';
import type {
  Growth,
  ManifestResult,
  NewArtifactFile,
  RestoreResult,
  RestoreTarget,
  Store,
  StoreReport,
} from './store.ts';

export interface TieredStoreOptions {
  readonly local: LocalStore;
  /** The folder of the local store. */
  readonly folder: string;
  /** Loads the code for remote stores. Called when it is first needed. */
  readonly openRemotes: () => Promise<RemoteLevel>;
  /** True if the local store exists for this call only. Then its growth does not count. */
  readonly isTransient: boolean;
  /** How long all uploads may take together, in milliseconds. */
  readonly uploadLimitMs: number;
  readonly trace: Trace;
  /** Called last. */
  readonly dispose?: () => void;
}

const NO_GROWTH: Growth = { entries: 0, bytes: 0 };

/**
 * A local store with remote stores behind it. What is found remotely is copied to the local store and restored from
 * there, so that there is one way to restore. What is stored locally is sent to the remote stores at the end of the
 * call.
 */
export class TieredStore implements Store {
  readonly #options: TieredStoreOptions;
  readonly #newArtifacts = new Set<Digest>();
  readonly #newEntries = new Map<Digest, Manifest>();
  #remotes: Promise<RemoteLevel> | undefined;
  #growth = NO_GROWTH;

  constructor(options: TieredStoreOptions) {
    this.#options = options;
  }

  readManifest(key: Digest): Promise<ManifestResult> {
    return this.#options.local.readManifest(key);
  }

  async refreshManifest(
    key: Digest,
    targets: readonly RestoreTarget[],
    suffices: (manifest: Manifest) => boolean,
  ): Promise<Manifest | undefined> {
    const remotes = await this.#remotesIfAny();
    if (!remotes) return undefined;
    const { holdsAll, mergeManifests } = await import('./wire/manifest-body.ts');
    let latest: Manifest | undefined;
    await remotes.askForManifests(key, lookupOf(targets), async (remote) => {
      let merged: Manifest | undefined;
      const bytes = await this.#options.local.updateManifest(key, (current) => {
        merged = holdsAll(current, remote) ? undefined : mergeManifests(remote, current);
        return merged ?? current;
      });
      this.#grow({ entries: 0, bytes });
      latest = merged ?? latest;
      return merged !== undefined && suffices(merged);
    });
    return latest;
  }

  async updateManifest(key: Digest, change: (manifest: Manifest) => Manifest): Promise<number> {
    let added: readonly ManifestEntry[] = [];
    const bytes = await this.#options.local.updateManifest(key, (current) => {
      const changed = change(current);
      // Another order of entries does not matter to remote stores. An entry whose artifact was made again does.
      const known = new Set(current.entries.map(({ artifact }) => artifact));
      added = changed.entries.filter(
        ({ artifact }) => !known.has(artifact) || this.#newArtifacts.has(artifact),
      );
      return changed;
    });
    const before = this.#newEntries.get(key) ?? EMPTY_MANIFEST;
    if (added.length > 0) this.#newEntries.set(key, { entries: [...added, ...before.entries] });
    return this.#options.isTransient ? 0 : bytes;
  }

  async restoreArtifact(
    key: Digest,
    targets: readonly RestoreTarget[],
    roots: TreeRoots,
  ): Promise<RestoreResult> {
    const { local } = this.#options;
    let result = local.restoreArtifact(key, targets, roots);
    if (result.kind === 'restored') return result;
    const remotes = await this.#remotesIfAny();
    if (!remotes) return result;
    const { makeTransientFolder } = await import('./remote/transient-folder.ts');
    let received: ReturnType<typeof makeTransientFolder> | undefined;
    const makeFolder = () => {
      received?.remove();
      received = makeTransientFolder(this.#options.folder);
      return received.folder;
    };
    try {
      await remotes.askForArtifact(key, { targets, makeFolder }, lookupOf(targets), async (files) => {
        this.#grow(await local.putArtifact(key, files, result.kind === 'damaged'));
        result = local.restoreArtifact(key, targets, roots);
        return result.kind === 'restored';
      });
    } finally {
      received?.remove();
    }
    return result;
  }

  async putArtifact(key: Digest, files: readonly NewArtifactFile[], replace: boolean): Promise<Growth> {
    const growth = await this.#options.local.putArtifact(key, files, replace);
    this.#newArtifacts.add(key);
    return this.#options.isTransient ? NO_GROWTH : growth;
  }

  async refusals(targets: readonly RestoreTarget[]): Promise<readonly string[]> {
    return (await this.#remotes)?.refusalsOf(lookupOf(targets)) ?? [];
  }

  /** Sends what is new within the time limit, artifacts before the manifests that name them. */
  async finish(): Promise<StoreReport> {
    try {
      if (this.#newArtifacts.size > 0 || this.#newEntries.size > 0) {
        const { upload } = await import('./remote/upload.ts');
        await upload({
          layout: layoutOf(this.#options.folder),
          remotes: await this.#openRemotes(),
          artifacts: [...this.#newArtifacts],
          manifests: this.#newEntries,
          limitMs: this.#options.uploadLimitMs,
          trace: this.#options.trace,
        });
      }
      const remotes = await this.#remotes;
      remotes?.close();
      return { growth: this.#growth, remotes: remotes?.activities ?? [] };
    } catch (error) {
      // A failure to send must not fail a compile.
      this.#options.trace(() => `remote stores not filled: ${describeError(error)}`);
      return { growth: this.#growth, remotes: [] };
    } finally {
      this.#options.dispose?.();
    }
  }

  /** Undefined if the remote stores cannot be opened. The local store is used alone then. */
  async #remotesIfAny(): Promise<RemoteLevel | undefined> {
    try {
      return await this.#openRemotes();
    } catch (error) {
      this.#options.trace(() => `remote stores not asked: ${describeError(error)}`);
      return undefined;
    }
  }

  #openRemotes(): Promise<RemoteLevel> {
    this.#remotes ??= this.#options.openRemotes();
    return this.#remotes;
  }

  #grow(growth: Growth): void {
    if (this.#options.isTransient) return;
    const { entries, bytes } = this.#growth;
    this.#growth = { entries: entries + growth.entries, bytes: bytes + growth.bytes };
  }
}

/** The common key of the lookups of one compile: where its files go. */
function lookupOf(targets: readonly RestoreTarget[]): string {
  return targets.map(({ path }) => path).join('\n');
}
