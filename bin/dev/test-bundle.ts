/**
 * JavaScript of the tests. With tsx, each process took 7 s of processor time to load all test files and what they test, 18 s
 * the first time, and grew so much that each start of a program took it twice as long. esbuild takes 1 s for all of them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { DIST, Failure, packageJson, ROOT } from './project.ts';

/** Below the root, from which packages are found. */
const MADE = join(DIST, 'tests-');
const RUNNER = 'bin/dev/test-run.ts';
const TURNS = 'bin/dev/test-turns.ts';

/** Imports files of JSON as bundlers do. Node.js refuses that. All other packages are loaded from where they are. */
const FOR_BUNDLERS = '@actions/workflow-parser';

export interface TestBundle {
  /** Holds all that was made. */
  readonly folder: string;
  /** Runs the tests; its first argument is the folder. */
  readonly program: string;
}

/** Each module is there once, as in the source: test files that share a process share what it remembers. */
export function bundleTests(files: readonly string[]): TestBundle {
  mkdirSync(DIST, { recursive: true });
  const folder = mkdtempSync(MADE);
  try {
    bundle(files, folder);
  } catch {
    rmSync(folder, { recursive: true });
    throw new Failure('no test was run: the lines above say why not all of them can be loaded');
  }
  return { folder, program: join(folder, madeOf(RUNNER)) };
}

function bundle(files: readonly string[], outdir: string): void {
  const packages = Object.keys(packageJson().devDependencies);
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [...files, RUNNER, TURNS],
    outdir,
    outbase: ROOT,
    bundle: true,
    splitting: true,
    external: ['bun:ffi', ...packages.filter((name) => name !== FOR_BUNDLERS)],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    // The one module that asks where it is.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, 'bin/dev/project.ts')).href) },
    logLevel: 'warning',
  });
}

/** What is made of a source, from the folder. */
const madeOf = (source: string) => source.replace(/\.ts$/, '.js');

/** The URL of what was made of a source. */
export const urlOf = (folder: string, source: string) => pathToFileURL(join(folder, madeOf(source))).href;
export const turnsIn = (folder: string) => urlOf(folder, TURNS);
