/**
 * Azurite, Microsoft's emulator of Azure's storage, for the tests of such stores. It brings 190 MB that nothing else needs,
 * so it is no dependency of the project. As a program this installs it, if it is not there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installLocked } from './locked-packages.ts';
import { DIST, Failure, filesBelow, ROOT, script } from './project.ts';
import { hashOf, isUpToDate, markUpToDate } from './up-to-date.ts';

const FIXTURE = 'test/fixtures/azurite';
const FOLDER = join(DIST, 'azurite');

/** The program, if it is installed. */
export const AZURITE = join(FOLDER, 'node_modules/azurite/dist/src/blob/main.js');

/** True for a test file that starts it. */
export function needsAzurite(file: string): boolean {
  return /\bstart(?:Azurite|AzureWithIdentity)\b/.test(readFileSync(join(ROOT, file), 'utf8'));
}

/** Installs it if it is not there. Without a registry the tests that start it skip themselves. */
export function ensureAzurite(): void {
  const hash = hashOf(filesBelow(FIXTURE));
  if (isUpToDate('azurite', hash) && existsSync(AZURITE)) return;
  console.log('[set-up] installing Azurite with npm, for the tests of stores in Azure');
  try {
    installLocked(FIXTURE, FOLDER);
    markUpToDate('azurite', hash);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(`the tests of stores in Azure are left out: ${error.message}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await script(ensureAzurite);
