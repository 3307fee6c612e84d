/**
 * `npm run build:exe`: makes programs that need no Node.js, dist/exe/linux-x64/clcache and
 * dist/exe/windows-x64/clcache.exe, from dist/modules/; the hash server is the same file under another name.
 * Options: --only linux|windows, --force (build although nothing has changed), --no-types.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alignSections } from './align-sections.ts';
import { build } from './build.ts';
import { startsInDeletedFolder } from './deleted-folder.ts';
import { NOTICES } from './notices.ts';
import {
  DIST,
  Failure,
  filesBelow,
  hashOf,
  isUpToDate,
  markUpToDate,
  mustRun,
  ROOT,
  SHIPPED,
  script,
  writeWhole,
} from './project.ts';

export type System = 'linux' | 'windows';

/** What each target is called by Bun, and where it goes below dist/. */
const TARGETS = {
  linux: { bun: 'bun-linux-x64', output: 'exe/linux-x64/clcache' },
  windows: { bun: 'bun-windows-x64-baseline', output: 'exe/windows-x64/clcache.exe' },
} as const satisfies Record<System, object>;

/** What is still to be done to what Bun makes. */
const FINISH = { linux: startsInDeletedFolder, windows: alignSections };
const SYSTEMS = Object.keys(TARGETS) as System[];

export const EXECUTABLES: Readonly<Record<System, string>> = {
  linux: join(DIST, TARGETS.linux.output),
  windows: join(DIST, TARGETS.windows.output),
};

export interface ExecutableOptions {
  /** Without it, all of them. */
  readonly only?: System;
  /** Build although nothing has changed. */
  readonly force?: boolean;
  /** Check the types first. */
  readonly types?: boolean;
}

/**
 * Settings files of the folder it happens to run in are none of a compiler wrapper's business. Bun's --windows-title
 * and the like are left out: they work on Windows only, and the bytes would depend on where one builds.
 */
const OPTIONS = [
  '--compile',
  '--minify',
  '--bytecode',
  '--format=esm',
  '--splitting',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  // Code of a hit runs once or twice: compiling it to machine code takes a fifth of the processor time of a hit (20.3 ms
  // against 16.5, by the median of 40 runs) and saves nothing. Loops over hundreds of sources still get compiled.
  '--compile-jit-policy=10',
];

const SERVER_NAMES = ['clcache-server', 'clcachesrv'];

/** Builds the executables that are not up to date, and the bundle before them. */
export async function buildExecutables({
  only,
  force = false,
  types = true,
}: ExecutableOptions = {}): Promise<void> {
  await build({ force: false, types });
  for (const name of only === undefined ? SYSTEMS : [only]) buildOne(name, force);
  writeChecksums();
}

function buildOne(name: System, force: boolean): void {
  const { bun, output } = TARGETS[name];
  const hash = hashOf(
    filesBelow(
      'dist/modules',
      'dist/clients',
      'node_modules/bun/package.json',
      'LICENSE',
      'bin/dev/align-sections.ts',
    ),
    {
      bun,
      OPTIONS,
    },
  );
  const target = join(DIST, output);
  const servers = SERVER_NAMES.map((server) => join(target, '..', `${server}${extname(target)}`));
  if (!force && isUpToDate(output, hash) && servers.every((server) => existsSync(server))) return;
  compileExecutable(name, target);
  for (const server of servers) placeBeside(target, server);
  copyFileSync(join(ROOT, 'LICENSE'), join(target, '..', 'LICENSE'));
  copyFileSync(NOTICES, join(target, '..', 'THIRD-PARTY-NOTICES.txt'));
  for (const file of SHIPPED) {
    writeWhole(join(target, '..', file.slice('bin/'.length)), readFileSync(join(ROOT, file)));
  }
  markUpToDate(output, hash);
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

/**
 * Makes the executable for one of the systems from the modules in dist/. Bun puts the path of its output into it: the
 * same name in a folder of its own keeps builds the same.
 */
export function compileExecutable(name: System, target: string): void {
  const options = [...OPTIONS, `--target=${TARGETS[name].bun}`];
  const folder = join(DIST, `.build-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(target, '..'), { recursive: true });
  try {
    const built = join(folder, target.endsWith('.exe') ? 'clcache.exe' : 'clcache');
    const bun = join(ROOT, 'node_modules', 'bun', 'bin', 'bun.exe');
    mustRun(bun, ['build', ...options, 'dist/modules/main.mjs', '--outfile', built], {
      stdio: 'pipe',
      encoding: 'utf8',
    });
    writeFileSync(built, FINISH[name](readFileSync(built)));
    renameSync(built, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeChecksums() {
  const outputs = Object.values(TARGETS)
    .map(({ output }) => output)
    .filter((output) => existsSync(join(DIST, output)));
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
