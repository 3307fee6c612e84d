import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { setTimeout } from 'node:timers/promises';

/** Files in the folder that processes share. */
export const OPEN = 'open';
export const takenMark = (number: number) => `taken-${number}`;

const PAUSE_MS = 50;

export interface Turns {
  /** URLs of test files. */
  readonly files: readonly string[];
  /** How many of them are run before there is a file `OPEN`. */
  readonly atOnce: number;
}

/**
 * Runs test files in this process, one after the other, each unless another process with this `folder` has taken it.
 */
export async function takeTurns(folder: string, { files, atOnce }: Turns): Promise<void> {
  for (const [number, file] of files.entries()) {
    while (number >= atOnce && !existsSync(join(folder, OPEN))) await setTimeout(PAUSE_MS);
    if (isFree(join(folder, takenMark(number)))) await runFile(file);
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
function runFile(file: string): Promise<void> {
  return new Promise((resolve) => {
    describe(file.slice(file.indexOf('/test/') + 1), async () => {
      after(() => resolve());
      await import(file);
    });
  });
}
