/**
 * `npm run build`: checks the types, then makes of the program one CommonJS file for Node.js, dist/clcache.cjs.
 * Options: --force (build although nothing has changed), --no-types (bundle only).
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNotices } from './notices.ts';
import { constants, ENTRY, INPUTS } from './program.ts';
import { tool } from './programs.ts';
import { BUNDLE, DIST, Failure, filesBelow, packageJson, ROOT, script, writeWhole } from './project.ts';
import { hashOf, isUpToDate, markUpToDate } from './up-to-date.ts';

/**
 * Packages that few calls need: clients of remote stores, and what watches files for the hash server. They stay in
 * node_modules, because Node.js would parse their 250 KB for every hit, which takes 6 % more processor time.
 */
const EXTERNAL = ['aws4fetch', 'chokidar', 'ioredis'];

/** Builds the bundle if it is not up to date. */
export async function build({ force = false, types = true } = {}): Promise<void> {
  const hash = hashOf(filesBelow(...INPUTS), { types });
  if (!force && isUpToDate('clcache.cjs', hash)) return;
  if (types) tool('typescript', 'bin/tsc', ['-p', 'bin/dev/tsconfig.json']);
  writeNotices(await bundle(), join(DIST, 'THIRD-PARTY-NOTICES.txt'));
  markUpToDate('clcache.cjs', hash);
}

/** Returns the source files that went in. In CommonJS, what is imported later is loaded later, built-in modules too. */
async function bundle(): Promise<string[]> {
  const esbuild = await import('esbuild');
  const { name, version, license } = packageJson();
  const building = esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['bun:ffi', ...EXTERNAL],
    define: constants(),
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
