import type { Digest } from '../../hash/digest.ts';

/**
 * Which stores get what at the end of a call: all of them a new result, those before the one that served it a copy, and
 * those that it was not offered to an entry of the local folder. Stores have the numbers of the order in which they are
 * asked.
 */
export class Recipients {
  /** Where what the call did not make came from. */
  readonly #artifacts = new Map<Digest, number>();
  readonly #manifests = new Map<Digest, number>();
  readonly #offered = new Map<Digest, ReadonlySet<number>>();

  /** A store had a manifest that is enough. */
  gaveManifest(manifest: Digest, store: number): void {
    this.#manifests.set(manifest, store);
  }

  /** A store served an artifact. */
  gaveArtifact(artifact: Digest, store: number): void {
    this.#artifacts.set(artifact, store);
  }

  /** The local folder served an artifact, which is offered to these stores. */
  offer(artifact: Digest, stores: ReadonlySet<number>): void {
    this.#offered.set(artifact, stores);
  }

  takesArtifact(artifact: Digest, store: number): boolean {
    const origin = this.#artifacts.get(artifact);
    return this.#offered.get(artifact)?.has(store) ?? (origin === undefined || store < origin);
  }

  /**
   * True if a store gets the entry of a manifest that names this artifact. A store that has the artifact may lack the
   * entry, and one behind it may lack the artifact.
   */
  takesEntry(manifest: Digest, artifact: Digest, store: number): boolean {
    const origin = this.#artifacts.get(artifact);
    const isOffered = this.#offered.get(artifact)?.has(store);
    if (isOffered !== undefined || origin === undefined) return isOffered ?? true;
    return store <= origin && store < (this.#manifests.get(manifest) ?? origin);
  }
}
