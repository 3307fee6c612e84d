/**
 * Azurite, Microsoft's emulator of Azure's storage, for the tests of such stores. It brings 190 MB that nothing else needs,
 * so it is no dependency of the project: it has a lock file of its own, and is installed below dist/ for tests that start it.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './programs.ts';
import { DIST, Failure, ROOT } from './project.ts';
import { hashOf, isUpToDate, markUpToDate } from './up-to-date.ts';

const LOCK = 'test/fixtures/azurite';
const FILES = ['package.json', 'package-lock.json'];
const FOLDER = join(DIST, 'azurite');

/** The program, if it is installed. */
export const AZURITE = join(FOLDER, 'node_modules/azurite/dist/src/blob/main.js');

/** True for a test file that starts it. */
export function needsAzurite(file: string): boolean {
  return /\bstart(?:Azurite|AzureWithIdentity)\b/.test(readFileSync(join(ROOT, file), 'utf8'));
}

/** Installs it if it is not there. Without a registry the tests that start it skip themselves. */
export function ensureAzurite(): void {
  const hash = hashOf(FILES.map((name) => `${LOCK}/${name}`));
  if (isUpToDate('azurite', hash) && existsSync(AZURITE)) return;
  console.log('[set-up] installing Azurite with npm, for the tests of stores in Azure');
  mkdirSync(FOLDER, { recursive: true });
  for (const name of FILES) copyFileSync(join(ROOT, LOCK, name), join(FOLDER, name));
  try {
    const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    npm(words, { cwd: FOLDER, stdio: 'pipe', encoding: 'utf8' });
    markUpToDate('azurite', hash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(`the tests of stores in Azure are left out: ${error.message}`);
  }
}
