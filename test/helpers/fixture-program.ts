/** Programs of test/fixtures for `node`, made into one file each: that starts in a quarter of the time it takes with tsx. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from '../../bin/dev/project.ts';

const FIXTURES = join(ROOT, 'test/fixtures');
/** What packages in CommonJS expect to be there. */
const COMMON_JS = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;
`;

const built = new Map<string, string>();
let folder: string | undefined;

/** The path of the program, which is made once in this process and removed at its end. */
export function fixtureProgram(name: string): string {
  const known = built.get(name);
  if (known !== undefined) return known;
  folder ??= removedAtTheEnd();
  const outfile = join(folder, name.replace(/\.ts$/, '.mjs'));
  buildSync({
    entryPoints: [join(FIXTURES, name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: COMMON_JS },
  });
  built.set(name, outfile);
  return outfile;
}

function removedAtTheEnd(): string {
  const made = mkdtempSync(join(tmpdir(), 'clcache-fixtures-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
