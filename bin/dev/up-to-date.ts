/** Tells whether something in dist/ was made from what is there now. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT, writeWhole } from './project.ts';

/** A hash over names and contents: unlike times, it is right after a checkout and a copy. */
export function hashOf(files: readonly string[], extra: object = {}): string {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

const stampOf = (output: string) => join(DIST, '.stamps', output.replaceAll(/[\\/]/g, '+'));

/** True if `output` (a path below dist/) is there and was made from what has this hash. */
export function isUpToDate(output: string, hash: string): boolean {
  const stamp = stampOf(output);
  return existsSync(join(DIST, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

export const markUpToDate = (output: string, hash: string) => writeWhole(stampOf(output), hash);
