/** Test files that share processes: to start Node.js and to load what they test takes longer than many a file itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './project.ts';

const TURNS = pathToFileURL(join(ROOT, 'bin/dev/test-turns.ts'));

/**
 * Makes as many programs as `processes` that run one after the other of these files until none is left. They are removed
 * when this process ends.
 */
export function together(files: readonly string[], processes: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'clcache-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const urls = files.map((file) => pathToFileURL(join(ROOT, file)).href);
  return Array.from({ length: Math.min(processes, files.length) }, (_, number) => {
    const path = join(folder, `process-${number + 1}.mjs`);
    const call = `takeTurns(import.meta.dirname, ${JSON.stringify(urls)})`;
    writeFileSync(path, `import { takeTurns } from '${TURNS}';\nawait ${call};\n`);
    return path;
  });
}
