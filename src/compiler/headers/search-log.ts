import type { NameSearch, SearchStep } from '../../files/searches.ts';
import type { SearchOrders } from './search-order.ts';

/** Collects searches. Of those for one name in one order, the one that went furthest counts. */
export class SearchLog {
  readonly #orders: SearchOrders;
  readonly #searches = new Map<SearchStep, Map<string, SearchStep | undefined>>();

  constructor(orders: SearchOrders) {
    this.#orders = orders;
  }

  /** Notes a search that went through all folders before `until`. */
  note(order: SearchStep | undefined, name: string, until: SearchStep | undefined): void {
    if (order === undefined || order === until) return;
    let names = this.#searches.get(order);
    if (!names) {
      names = new Map();
      this.#searches.set(order, names);
    }
    const isFurther =
      !names.has(name) || this.#orders.lengthOf(until) < this.#orders.lengthOf(names.get(name));
    if (isFurther) names.set(name, until);
  }

  all(): NameSearch[] {
    return Array.from(this.#searches, ([from, names]) =>
      Array.from(names, ([name, until]) => ({ name, from, until })),
    ).flat();
  }

  /** The folders that at least one search went through. Takes time for each search and each folder, not for each pair. */
  folders(): Set<string> {
    const ends = new Map<SearchStep, number>();
    const reach = (step: SearchStep, end: number) =>
      ends.set(step, Math.min(end, ends.get(step) ?? Number.POSITIVE_INFINITY));
    for (const [from, names] of this.#searches) {
      for (const until of names.values()) reach(from, this.#orders.lengthOf(until));
    }
    const folders = new Set<string>();
    for (const step of this.#orders.longestFirst()) {
      const end = ends.get(step);
      if (end === undefined || end >= this.#orders.lengthOf(step)) continue;
      folders.add(step.folder);
      if (step.next) reach(step.next, end);
    }
    return folders;
  }
}
