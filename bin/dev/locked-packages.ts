/** npm packages that only tests start: each has a lock file of its own in `test/fixtures`, and is installed below dist/. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { npmCi } from './npm-ci.mjs';
import { Failure, ROOT } from './project.ts';

/** Installs what `fixture` (a folder with a package.json and a lock file) names into `folder`. Throws a `Failure`. */
export function installLocked(fixture: string, folder: string): void {
  cpSync(join(ROOT, fixture), folder, { recursive: true });
  const problem = npmCi(folder, ['--ignore-scripts']);
  if (problem !== undefined) throw new Failure(problem);
}
