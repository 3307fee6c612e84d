/**
 * `npm run build`: checks the types, then makes the program for Node.js, dist/clcache.cjs, and some libraries beside it.
 * Options: --force (build although nothing has changed), --no-types (bundle only).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { writeNotices } from './notices.ts';
import { constants, ENTRY, INPUTS } from './program.ts';
import { tool } from './programs.ts';
import { DIST, Failure, filesBelow, packageJson, ROOT, script, writeWhole } from './project.ts';
import { hashOf, isUpToDate, markUpToDate } from './up-to-date.ts';

/**
 * Packages that few calls need: clients of remote stores, and what watches files for the hash server. Each gets a file of
 * its own, because Node.js would parse them for every hit: 230 KB took 6 % more processor time, and they are over 1 MB. From
 * node_modules they would be read in so many files that a hit in a Redis store takes 13 % more.
 */
const APART = [
  '@aws-sdk/credential-provider-node',
  '@azure/identity',
  '@azure/storage-blob',
  'aws4fetch',
  'chokidar',
  'ioredis',
];

const placeOf = (name: string) => `libraries/${name}`;

/** Builds the bundle if it is not up to date. */
export async function build({ force = false, types = true } = {}): Promise<void> {
  const hash = hashOf(filesBelow(...INPUTS), { types });
  const others = APART.map((name) => join(DIST, `${placeOf(name)}.cjs`));
  if (!force && isUpToDate('clcache.cjs', hash) && others.every((file) => existsSync(file))) return;
  if (types) tool('typescript', 'bin/tsc', ['-p', 'bin/dev/tsconfig.json']);
  const program = await bundle({
    entryPoints: { clcache: ENTRY },
    alias: Object.fromEntries(APART.map((name) => [name, `./${placeOf(name)}.cjs`])),
    external: ['bun:ffi', './libraries/*'],
    define: constants(),
  });
  const libraries = await bundle({
    entryPoints: Object.fromEntries(APART.map((name) => [placeOf(name), name])),
  });
  writeNotices([...program, ...libraries], join(DIST, 'THIRD-PARTY-NOTICES.txt'));
  markUpToDate('clcache.cjs', hash);
}

/**
 * Makes one CommonJS file of each entry point: what is imported later is loaded later then, built-in modules too.
 * Returns the source files that went in.
 */
async function bundle(options: BuildOptions): Promise<string[]> {
  const esbuild = await import('esbuild');
  const { name, version, license } = packageJson();
  const building = esbuild.build({
    ...options,
    absWorkingDir: ROOT,
    outdir: DIST,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    banner: { js: `/*! ${name} ${version} | ${license} | see LICENSE and THIRD-PARTY-NOTICES.txt */` },
    legalComments: 'inline',
    logLevel: 'warning',
    write: false,
    metafile: true,
  });
  const result = await building.catch(() => {
    throw new Failure('the bundle could not be made');
  });
  for (const { path, contents } of result.outputFiles) writeWhole(path, contents);
  return Object.keys(result.metafile.inputs);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const started = Date.now();
    const given = process.argv.slice(2);
    await build({ force: given.includes('--force'), types: !given.includes('--no-types') });
    console.log(`dist/clcache.cjs is up to date (${Date.now() - started} ms)`);
  });
}
