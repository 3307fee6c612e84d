import type { GuardedRemote } from './guarded-remote.ts';

/**
 * Which store served which lookup: one hit for the store that gave what a compile needed, one miss for each that
 * answered and had nothing of use, however many keys it was asked for.
 */
export class Lookups {
  readonly #asked = new Map<string, Set<GuardedRemote>>();
  readonly #served = new Set<string>();

  /** The store answered that it has nothing that serves the lookup. */
  missed(lookup: string, remote: GuardedRemote): void {
    const asked = this.#asked.get(lookup) ?? new Set();
    this.#asked.set(lookup, asked.add(remote));
  }

  /** The store gave what was needed. */
  hit(lookup: string, remote: GuardedRemote): void {
    this.#asked.get(lookup)?.delete(remote);
    if (this.#served.has(lookup)) return;
    this.#served.add(lookup);
    remote.countHit();
  }

  /** Counts the misses, when all lookups are over. */
  finish(): void {
    for (const asked of this.#asked.values()) for (const remote of asked) remote.countMiss();
    this.#asked.clear();
  }
}
