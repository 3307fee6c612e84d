import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface TestContext {
  after(body: () => void): void;
}

/** A temporary folder for one test, removed after it. */
export function temporaryFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clcache-test-')));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
