/** The checks, one row each, in the order in which they are made and shown. */

import { checkBaseDirectories } from './checks/base-directories.ts';
import { checkBuildFiles } from './checks/build-files.ts';
import { checkCacheFolder } from './checks/cache-folder.ts';
import { checkCalls } from './checks/calls.ts';
import { checkCompileLines } from './checks/compile-lines.ts';
import { checkCompiler } from './checks/compiler.ts';
import { checkHashServer } from './checks/hash-server.ts';
import { checkLastBuild } from './checks/last-build.ts';
import { checkLimit } from './checks/limit.ts';
import { checkLocks } from './checks/locks.ts';
import { checkOptions } from './checks/options.ts';
import { checkOtherCaches } from './checks/other-caches.ts';
import { checkStores } from './checks/stores.ts';
import { checkTrial } from './checks/trial-compile.ts';
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
  { title: 'calls', look: checkCalls },
  { title: 'build files', look: checkBuildFiles },
  { title: 'compile lines', look: checkCompileLines },
  { title: 'last build', look: checkLastBuild },
  { title: 'compiler', look: checkCompiler },
  { title: 'other caches', look: checkOtherCaches },
  { title: 'options', look: checkOptions },
  { title: 'cache folder', look: checkCacheFolder },
  { title: 'limit', look: checkLimit },
  { title: 'locks', look: checkLocks },
  { title: 'variables', look: checkVariables },
  { title: 'base directory', look: checkBaseDirectories },
  { title: 'stores', look: checkStores },
  { title: 'hash server', look: checkHashServer },
  { title: 'trial compile', look: checkTrial },
];
