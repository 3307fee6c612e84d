import type { GuardedRemote } from './guarded-remote.ts';

/**
 * Counts which store served which lookup: one hit for the store that had what a compile needed, and one miss for each
 * store that answered without it, however many keys were asked for.
 */
export class Lookups {
  readonly #asked = new Map<string, Set<GuardedRemote>>();
  readonly #served = new Set<string>();
  readonly #refusals = new Map<string, Set<string>>();

  /** The store answered, but had nothing usable for the lookup. */
  missed(lookup: string, remote: GuardedRemote): void {
    const asked = this.#asked.get(lookup) ?? new Set();
    this.#asked.set(lookup, asked.add(remote));
  }

  /** The store had something for the lookup that does not count. */
  refused(lookup: string, { name }: Pick<GuardedRemote, 'name'>, because: string): void {
    const refusals = this.#refusals.get(lookup) ?? new Set();
    this.#refusals.set(lookup, refusals.add(`${name} has an entry that does not count: ${because}`));
  }

  /** What did not count for a lookup, one line each. */
  refusalsOf(lookup: string): readonly string[] {
    return [...(this.#refusals.get(lookup) ?? [])];
  }

  /** The store served the lookup. */
  hit(lookup: string, remote: GuardedRemote): void {
    this.#asked.get(lookup)?.delete(remote);
    if (this.#served.has(lookup)) return;
    this.#served.add(lookup);
    remote.countHit();
  }

  /** Counts the misses when all lookups are done. */
  finish(): void {
    for (const asked of this.#asked.values()) for (const remote of asked) remote.countMiss();
    this.#asked.clear();
  }
}
