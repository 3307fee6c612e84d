/** Runs tasks with at most `limit` of them under way; those that wait start in the order in which they came. */
export class BoundedQueue {
  readonly #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** Resolves and rejects as the task does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running++;
    // Whoever ends hands its place on, so that nobody can slip in between.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
