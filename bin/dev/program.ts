/** What both bundlers are told about the program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageJson, ROOT, SHIPPED } from './project.ts';

/** Where the program begins. */
export const ENTRY = 'src/main.ts';

/** Everything that a build depends on. */
export const INPUTS = ['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'bin/dev', ...SHIPPED];

/** The constants that the source expects from a build, as the text of their values. */
export function constants(): Record<string, string> {
  return {
    __CLCACHE_VERSION__: JSON.stringify(packageJson().version),
    // For an executable that is copied without the files beside it.
    __CLCACHE_SHIPPED_FILES__: JSON.stringify(shippedFiles()),
  };
}

function shippedFiles(): Record<string, string> {
  const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
  return Object.fromEntries(SHIPPED.map((file) => [file.slice('bin/'.length), text(file)]));
}
