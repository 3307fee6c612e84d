import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

/** Files in the folder that processes share: something is made, and a test file is taken. */
export const madeMark = (need: string) => `made-${need}`;
export const takenMark = (number: number) => `taken-${number}`;

const PAUSE_MS = 50;

/** In milliseconds. */
export interface Limits {
  /** A file that takes longer fails, and the test that did not end is named. */
  readonly file: number;
  /** How long this process may live when all tests have ended. A test that never ends leaves timers and programs. */
  readonly rest: number;
}

/** The longest file takes a minute beside four others on two processors. */
const LIMITS: Limits = { file: 6 * 60_000, rest: 10_000 };

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
export async function takeTurns(
  folder: string,
  turns: readonly Turn[],
  limits: Limits = LIMITS,
): Promise<void> {
  const isMade = (need: string) => existsSync(join(folder, madeMark(need)));
  const left = new Map(turns.entries());
  while (left.size > 0) {
    const next = Array.from(left).find(([, { needs }]) => needs.every(isMade));
    if (next === undefined) {
      await pause(PAUSE_MS);
      continue;
    }
    const [number, { file, url }] = next;
    left.delete(number);
    if (isFree(join(folder, takenMark(number)))) await runFile(file, url, limits.file);
  }
  setTimeout(endAnyway, limits.rest).unref();
}

function endAnyway(): void {
  const left = process.getActiveResourcesInfo().join(', ');
  console.error(`a test left something behind, without which its process would have ended: ${left}`);
  process.exit();
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
function runFile(file: string, url: string, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    describe(file, { timeout }, async () => {
      after(() => resolve());
      await import(url);
    });
  });
}
