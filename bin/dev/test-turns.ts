import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe } from 'node:test';

/**
 * Runs test files (URLs) in this process, one after the other, each unless another process with this `folder` has taken
 * it.
 */
export async function takeTurns(folder: string, files: readonly string[]): Promise<void> {
  for (const [number, file] of files.entries()) {
    if (isFree(join(folder, `taken-${number}`))) await runFile(file);
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
