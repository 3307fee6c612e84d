import { rm } from 'node:fs/promises';
import { BoundedQueue } from '../../util/bounded-queue.ts';
import { removeLeftovers } from './remove-leftovers.ts';

/** On a disk that is told of each freed block, removing a folder is waiting, and four at once take a third of the time. */
const AT_ONCE = 8;

/** Removes folders of evicted entries beside the work on the next section. What fails is left to the next cleaning. */
export class FolderRemover {
  readonly #queue = new BoundedQueue(AT_ONCE);
  readonly #running = new Set<Promise<void>>();

  remove(folder: string): void {
    const removal = this.#queue.run(() => removeFolder(folder)).finally(() => this.#running.delete(removal));
    this.#running.add(removal);
  }

  /** Resolves when all folders are removed. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // On Windows a virus scanner may hold a file for a moment, which this waits for.
    removeLeftovers([folder]);
  }
}
