import type { SearchStep } from '../../files/searches.ts';

/** Orders of search, of which equal ends are the same value. */
export class SearchOrders {
  readonly #known = new Map<SearchStep | undefined, Map<string, SearchStep>>();
  readonly #lengths = new Map<SearchStep, number>();

  /** The order that begins with these folders and goes on with `rest`. */
  of(folders: readonly string[], rest: SearchStep | undefined): SearchStep | undefined {
    return folders.reduceRight<SearchStep | undefined>((next, folder) => this.#step(folder, next), rest);
  }

  /** How many folders an order has. */
  lengthOf(order: SearchStep | undefined): number {
    return order === undefined ? 0 : (this.#lengths.get(order) ?? 0);
  }

  /** All orders that were made. */
  longestFirst(): SearchStep[] {
    return [...this.#lengths.entries()].sort(([, a], [, b]) => b - a).map(([step]) => step);
  }

  #step(folder: string, next: SearchStep | undefined): SearchStep {
    let steps = this.#known.get(next);
    if (!steps) {
      steps = new Map();
      this.#known.set(next, steps);
    }
    let step = steps.get(folder);
    if (!step) {
      step = { folder, next };
      steps.set(folder, step);
      this.#lengths.set(step, this.lengthOf(next) + 1);
    }
    return step;
  }
}

/** The steps of an order, from the first to the last. */
export function* stepsOf(order: SearchStep | undefined, until?: SearchStep): Generator<SearchStep> {
  for (let step = order; step && step !== until; step = step.next) yield step;
}
