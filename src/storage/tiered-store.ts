import type { TreeRoots } from '../cache/base-directory.ts';
import { EMPTY_MANIFEST, type Manifest, type ManifestEntry } from '../cache/manifest.ts';
import { describeError } from '../diagnostics/errors.ts';
import type { Trace } from '../diagnostics/trace.ts';
import type { Digest } from '../hash/digest.ts';
import { layoutOf } from './local/layout.ts';
import type { LocalStore } from './local/local-store.ts';
import type { Offers } from './remote/offers.ts';
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
  /** Which entries that the local store served are offered to remote stores. Undefined if none are. */
  readonly openOffers?: (artifacts: Iterable<Digest>) => Promise<Offers>;
  readonly trace: Trace;
  /** Called last. */
  readonly dispose?: () => void;
}

const NO_GROWTH: Growth = { entries: 0, bytes: 0 };

/**
 * A local store with remote stores behind it. What is found remotely is copied to the local store and restored from
 * there, so that there is one way to restore. What is stored locally is sent to the remote stores at the end of the
 * call, and what a remote store served to those that were asked before it.
 */
export class TieredStore implements Store {
  readonly #options: TieredStoreOptions;
  readonly #newArtifacts = new Set<Digest>();
  readonly #newEntries = new Map<Digest, Manifest>();
  /** The manifests that this call has read, in which an artifact that was served is found again. */
  readonly #known = new Map<Digest, Manifest>();
  readonly #servedHere = new Set<Digest>();
  readonly #servedThere = new Set<Digest>();
  #remotes: Promise<RemoteLevel> | undefined;
  #growth = NO_GROWTH;

  constructor(options: TieredStoreOptions) {
    this.#options = options;
  }

  async readManifest(key: Digest): Promise<ManifestResult> {
    const result = await this.#options.local.readManifest(key);
    if (result.kind === 'read') this.#known.set(key, result.manifest);
    return result;
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
      if (merged) this.#known.set(key, merged);
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
    if (result.kind === 'restored') {
      this.#servedHere.add(key);
      return result;
    }
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
        if (result.kind === 'restored') this.#servedThere.add(key);
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
      const filled = await this.#artifactsToFill();
      const offers = await this.#offers();
      const copies = [...filled, ...(offers?.stores.keys() ?? [])].filter(
        (key) => !this.#newArtifacts.has(key),
      );
      if (this.#newArtifacts.size > 0 || this.#newEntries.size > 0 || copies.length > 0) {
        const { upload } = await import('./remote/upload.ts');
        const remotes = await this.#openRemotes();
        if (offers) remotes.offer(offers.stores);
        await upload({
          layout: layoutOf(this.#options.folder),
          remotes,
          artifacts: [...this.#newArtifacts, ...copies],
          manifests: this.#entriesWith(copies),
          limitMs: this.#options.uploadLimitMs,
          trace: this.#options.trace,
        });
        offers?.note();
      }
      const remotes = await this.#remotes;
      await remotes?.close();
      return { growth: this.#growth, remotes: remotes?.activities ?? [] };
    } catch (error) {
      // A failure to send must not fail a compile.
      this.#options.trace(() => `remote stores not filled: ${describeError(error)}`);
      return { growth: this.#growth, remotes: [] };
    } finally {
      this.#options.dispose?.();
    }
  }

  /** What a remote store served and an earlier one lacks. */
  async #artifactsToFill(): Promise<readonly Digest[]> {
    const remotes = await this.#remotes;
    return [...this.#servedThere].filter((key) => remotes?.isToFill(key, this.#manifestsWith(key)));
  }

  async #offers(): Promise<Offers | undefined> {
    // A copy that a remote store served is served from here when it is asked for again.
    const served = [...this.#servedHere].filter(
      (key) => !this.#servedThere.has(key) && !this.#newArtifacts.has(key),
    );
    return served.length > 0 ? this.#options.openOffers?.(served) : undefined;
  }

  #manifestsWith(artifact: Digest): readonly Digest[] {
    return [...this.#known].flatMap(([key, { entries }]) =>
      entries.some((entry) => entry.artifact === artifact) ? [key] : [],
    );
  }

  /** The new entries by manifest key, with those that name these artifacts. */
  #entriesWith(artifacts: readonly Digest[]): ReadonlyMap<Digest, Manifest> {
    const all = new Map(this.#newEntries);
    for (const artifact of artifacts) {
      for (const key of this.#manifestsWith(artifact)) {
        const named = this.#known.get(key)?.entries.filter((entry) => entry.artifact === artifact) ?? [];
        all.set(key, { entries: [...(all.get(key)?.entries ?? []), ...named] });
      }
    }
    return all;
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
