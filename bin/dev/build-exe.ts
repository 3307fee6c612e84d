/**
 * `npm run build:exe`: makes programs that need no Node.js, dist/exe/linux-x64/clcache and
 * dist/exe/windows-x64/clcache.exe. The hash server is the same file under another name.
 * Options: --only linux|windows, --force (build although nothing has changed), --no-types.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.ts';
import { compileExecutable, type System } from './executable.ts';
import { writeNotices } from './notices.ts';
import { INPUTS } from './program.ts';
import { DIST, Failure, filesBelow, ROOT, SHIPPED, script, writeWhole } from './project.ts';
import { hashOf, isUpToDate, markUpToDate } from './up-to-date.ts';

const OUTPUTS: Readonly<Record<System, string>> = {
  linux: 'exe/linux-x64/clcache',
  windows: 'exe/windows-x64/clcache.exe',
};
const SYSTEMS: readonly System[] = ['linux', 'windows'];
export const SERVER_NAMES = ['clcache-server', 'clcachesrv'];

export const EXECUTABLES: Readonly<Record<System, string>> = {
  linux: join(DIST, OUTPUTS.linux),
  windows: join(DIST, OUTPUTS.windows),
};

/** What the executable of a system is made of, for tests: see `Metafile`. */
export const metafileOf = (system: System) => join(DIST, `exe-parts-${system}.json`);

export interface ExecutableOptions {
  /** Without it, all of them. */
  readonly only?: System;
  /** Build although nothing has changed. */
  readonly force?: boolean;
  /** Check the types first. */
  readonly types?: boolean;
}

/** Builds the executables that are not up to date, and the bundle before them. */
export async function buildExecutables({
  only,
  force = false,
  types = true,
}: ExecutableOptions = {}): Promise<void> {
  await build({ force: false, types });
  for (const system of only === undefined ? SYSTEMS : [only]) buildOne(system, force);
  writeChecksums();
}

function buildOne(system: System, force: boolean): void {
  const target = EXECUTABLES[system];
  const folder = dirname(target);
  const hash = hashOf(filesBelow(...INPUTS, 'LICENSE'));
  const servers = SERVER_NAMES.map((server) => join(folder, `${server}${extname(target)}`));
  const others = [...servers, metafileOf(system)];
  if (!force && isUpToDate(OUTPUTS[system], hash) && others.every((file) => existsSync(file))) return;
  const metafile = compileExecutable(system, target);
  writeWhole(metafileOf(system), JSON.stringify(metafile));
  for (const server of servers) placeBeside(target, server);
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  writeNotices(Object.keys(metafile.inputs), join(folder, 'THIRD-PARTY-NOTICES.txt'));
  for (const file of SHIPPED) {
    writeWhole(join(folder, file.slice('bin/'.length)), readFileSync(join(ROOT, file)));
  }
  markUpToDate(OUTPUTS[system], hash);
}

/** Another name for a file: a hard link where there are such, else a copy. */
function placeBeside(file: string, other: string): void {
  rmSync(other, { force: true });
  try {
    linkSync(file, other);
  } catch {
    copyFileSync(file, other);
  }
}

function writeChecksums(): void {
  const outputs = Object.values(OUTPUTS).filter((output) => existsSync(join(DIST, output)));
  const line = (output: string) => `${sha256(join(DIST, output))}  ${output.slice('exe/'.length)}\n`;
  writeWhole(join(DIST, 'exe', 'SHA256SUMS'), outputs.map(line).join(''));
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const given = process.argv.slice(2);
    const wanted = given.includes('--only') ? (given[given.indexOf('--only') + 1] ?? '') : undefined;
    const only = SYSTEMS.find((name) => name === wanted);
    if (wanted !== undefined && only === undefined) throw new Failure('--only takes linux or windows');
    const started = Date.now();
    await buildExecutables({
      ...(only && { only }),
      force: given.includes('--force'),
      types: !given.includes('--no-types'),
    });
    console.log(`dist/exe is up to date (${Date.now() - started} ms)`);
  });
}
