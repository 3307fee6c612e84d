import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface TestContext {
  after(body: () => void): void;
}

/** On Windows, programs that have ended, and what looks at new files, hold them a little longer. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;

/** A temporary folder for one test, removed after it. */
export function temporaryFolder(context: TestContext, parent = tmpdir()): string {
  mkdirSync(parent, { recursive: true });
  const folder = realpathSync(mkdtempSync(join(parent, 'clcache-test-')));
  context.after(() => rmSync(folder, REMOVAL));
  return folder;
}
