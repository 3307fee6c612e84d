import { existsSync, readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { errorCode } from '../../util/busy-retry.ts';
import { Pulse, TimeoutError, whileAlive } from '../../util/time-limit.ts';
import { removeLeftovers } from './remove-leftovers.ts';

/**
 * To remove a file is mostly waiting on a disk that is told of each freed block. Eight threads empty a cache in two thirds
 * of the time that the runtime's own take, of which there are as many as processors.
 */
const THREADS = 8;

/**
 * How long no thread may answer, in milliseconds. After that the disk hangs, or a thread does: Bun calls the ending of its
 * threads experimental. A compile that stores something may be waiting for this.
 */
const SILENCE_MS = 60_000;

/** What a thread does with the folders that it is sent. As text, because a program of one file has no file for it. */
const PROGRAM = `
const { rmSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (folder) => {
  let isGone = true;
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    isGone = false;
  }
  parentPort.postMessage(isGone);
});`;

/** Removes folders beside the work of the process. What fails or hangs is left to the next cleaning. */
export class FolderRemover {
  readonly #waiting: string[] = [];
  readonly #idle: Worker[] = [];
  /** The folder that a thread is removing. */
  readonly #busy = new Map<Worker, string>();
  /** How many threads may still be started. */
  #more = THREADS;
  /** True until the last thread that was started has removed its first folder. So a small cache gets no eight. */
  #isStarting = false;
  /** Folders that no thread has removed whole. */
  readonly #left: string[] = [];
  #whenIdle = () => {};
  /** Beats with each answer. */
  readonly #pulse = new Pulse();
  readonly #newThread: () => Worker | undefined;
  readonly #silenceMs: number;

  /** `newThread` gives undefined if the system does not let this process have more threads. */
  constructor(newThread = startedThread, silenceMs = SILENCE_MS) {
    this.#newThread = newThread;
    this.#silenceMs = silenceMs;
  }

  remove(folder: string): void {
    this.#waiting.push(folder);
    this.#goOn();
  }

  /** Resolves with true when all folders are removed as far as possible, with false when no thread has answered for long. */
  async settle(): Promise<boolean> {
    if (!(await this.#isInTime(this.#untilIdle()))) return false;
    for (const folder of this.#left) removeAllPossible(folder);
    return true;
  }

  /** Settles, and ends the threads. Resolves with the folders that are left. */
  async end(): Promise<string[]> {
    const isSettled = await this.settle();
    const ending = Promise.all(this.#idle.map((thread) => thread.terminate()));
    if (!isSettled || !(await this.#isInTime(ending)))
      for (const thread of [...this.#busy.keys(), ...this.#idle]) thread.unref();
    const folders = [...this.#busy.values(), ...this.#waiting, ...this.#left];
    return folders.filter((folder) => existsSync(folder));
  }

  async #isInTime(work: Promise<unknown>): Promise<boolean> {
    const patience = { silenceMs: this.#silenceMs, totalMs: Number.POSITIVE_INFINITY, pulse: this.#pulse };
    try {
      await whileAlive(patience, work, 'removing');
      return true;
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      return false;
    }
  }

  async #untilIdle(): Promise<void> {
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  #goOn(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop() ?? this.#startThread();
      if (!thread) break;
      const folder = this.#waiting.shift() ?? '';
      this.#busy.set(thread, folder);
      thread.postMessage(folder);
    }
    if (this.#busy.size > 0) return;
    // Folders are still waiting if no thread can be started.
    this.#left.push(...this.#waiting.splice(0));
    this.#whenIdle();
  }

  #startThread(): Worker | undefined {
    if (this.#isStarting || this.#more === 0) return undefined;
    const thread = this.#newThread();
    this.#more = thread ? this.#more - 1 : 0;
    this.#isStarting = thread !== undefined;
    thread?.on('message', (isGone: boolean) => {
      this.#idle.push(thread);
      this.#hasEnded(thread, isGone);
    });
    thread?.on('error', () => {
      this.#more = 0;
      this.#hasEnded(thread, false);
    });
    return thread;
  }

  #hasEnded(thread: Worker, isGone: boolean): void {
    this.#pulse.beat();
    this.#isStarting = false;
    const folder = this.#busy.get(thread);
    this.#busy.delete(thread);
    if (folder !== undefined && !isGone) this.#left.push(folder);
    this.#goOn();
  }
}

/**
 * Removes each item by itself, since a thread ends at the first that stays. On Windows a virus scanner may hold a file for a
 * moment, which this waits for.
 */
function removeAllPossible(folder: string): void {
  try {
    removeLeftovers(readdirSync(folder).map((name) => `${folder}/${name}`));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
  removeLeftovers([folder]);
}

function startedThread(): Worker | undefined {
  try {
    return new Worker(PROGRAM, { eval: true, execArgv: [] });
  } catch {
    return undefined;
  }
}
