import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { setTimeout } from 'node:timers/promises';

/** Files in the folder that processes share: something is made, and a test file is taken. */
export const madeMark = (need: string) => `made-${need}`;
export const takenMark = (number: number) => `taken-${number}`;

const PAUSE_MS = 50;

export interface Turn {
  /** A test file, from the root. */
  readonly file: string;
  /** Where to import it from. */
  readonly url: string;
  /** Names of what must be made before it can be run. */
  readonly needs: readonly string[];
}

/**
 * Runs test files in this process, one after the other, each unless another process with this `folder` has taken it: always
 * the first one that has all that it needs.
 */
export async function takeTurns(folder: string, turns: readonly Turn[]): Promise<void> {
  const isMade = (need: string) => existsSync(join(folder, madeMark(need)));
  const left = new Map(turns.entries());
  while (left.size > 0) {
    const next = Array.from(left).find(([, { needs }]) => needs.every(isMade));
    if (next === undefined) {
      await setTimeout(PAUSE_MS);
      continue;
    }
    const [number, { file, url }] = next;
    left.delete(number);
    if (isFree(join(folder, takenMark(number)))) await runFile(file, url);
  }
}

/** Of all processes that ask for this file, one makes it. */
function isFree(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** Runs the tests of a file as a suite of its name: its hooks are those of the suite. */
function runFile(file: string, url: string): Promise<void> {
  return new Promise((resolve) => {
    describe(file, async () => {
      after(() => resolve());
      await import(url);
    });
  });
}
