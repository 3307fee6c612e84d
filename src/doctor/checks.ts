/** The checks, one row each, in the order in which they are made and shown. */

import { checkBaseDirectories } from './checks/base-directories.ts';
import { checkCacheFolder } from './checks/cache-folder.ts';
import { checkCompiler } from './checks/compiler.ts';
import { checkLimit } from './checks/limit.ts';
import { checkOtherCaches } from './checks/other-caches.ts';
import { checkVariables } from './checks/variables.ts';
import type { Finding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

export interface Check {
  /** The first word of its lines, at most 14 characters. */
  readonly title: string;
  /** What it found, at least one line. */
  readonly look: (surroundings: Surroundings) => Promise<readonly Finding[]> | readonly Finding[];
}

export const CHECKS: readonly Check[] = [
  { title: 'compiler', look: checkCompiler },
  { title: 'other caches', look: checkOtherCaches },
  { title: 'cache folder', look: checkCacheFolder },
  { title: 'limit', look: checkLimit },
  { title: 'variables', look: checkVariables },
  { title: 'base directory', look: checkBaseDirectories },
];
