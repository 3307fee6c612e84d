/**
 * `npm run build:npm`: makes the folders that are published, in dist/npm. `clcache` has the program for Node.js, and
 * requires nothing. A package for each system has the executable; npm installs that of its own system, since `clcache`
 * names all of them as optional dependencies. Publish these first: dist/npm/linux-x64, dist/npm/win32-x64, then
 * dist/npm/clcache.
 */
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildExecutables, EXECUTABLES } from './build-exe.ts';
import type { System } from './executable.ts';
import { DIST, packageJson, ROOT, script } from './project.ts';

/** Where the folders are made, unless a test wants them elsewhere. */
export const PACKAGES = join(DIST, 'npm');

/** What npm compares with the system that it installs for. */
interface Platform {
  readonly system: System;
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc?: readonly string[];
}

/**
 * The packages by their names without the scope, which are those of their folders, too. bin/clcache.js, which requires
 * nothing, has them once more, and a test compares the two.
 */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  // Bun's runtime for Linux needs glibc. Where musl is the C library, the program for Node.js runs.
  'linux-x64': { system: 'linux', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  // Windows on ARM runs programs for x64.
  'win32-x64': { system: 'windows', os: ['win32'], cpu: ['x64', 'arm64'] },
};

/** Names of the hash server beside an executable. The program for Node.js starts `clcache` under these names. */
const OTHER_NAMES = /^(?:clcache-server|clcachesrv)(?:\.exe)?$/;

/** What is the same in all manifests. */
const SHARED = ['version', 'license', 'author', 'homepage', 'repository', 'bugs'];
/** What the published manifest of `clcache` has from ours: all but what is for building. */
const PUBLISHED = ['name', 'description', 'type', 'bin', 'files', 'engines', 'keywords'];

type Manifest = Readonly<Record<string, unknown>>;

export const scoped = (name: string) => `@clcache/${name}`;

/** Makes all folders anew from what is built. They are those of `PLATFORMS` and `clcache`. */
export function makePackages(target = PACKAGES): void {
  const made = `${target}.new`;
  rmSync(made, { recursive: true, force: true });
  for (const [name, platform] of Object.entries(PLATFORMS))
    makePlatformPackage(join(made, name), name, platform);
  makeMainPackage(join(made, 'clcache'));
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
}

function makeMainPackage(folder: string): void {
  const ours = packageJson();
  for (const path of [...ours.files, 'README.md', 'LICENSE'])
    cpSync(join(ROOT, path), place(folder, path), { recursive: true });
  const platforms = Object.keys(PLATFORMS).map((name) => [scoped(name), ours.version]);
  writeManifest(folder, {
    ...pick(ours, [...PUBLISHED, ...SHARED]),
    optionalDependencies: Object.fromEntries(platforms),
  });
}

function makePlatformPackage(folder: string, name: string, { system, ...limits }: Platform): void {
  const built = dirname(EXECUTABLES[system]);
  const entries = readdirSync(built).filter((entry) => !OTHER_NAMES.test(entry));
  for (const entry of entries) cpSync(join(built, entry), place(folder, entry), { recursive: true });
  const ours = packageJson();
  const title = `The executable of ${ours.name} for ${name}`;
  writeManifest(folder, {
    name: scoped(name),
    description: title,
    ...pick(ours, SHARED),
    ...limits,
    // A package manager that keeps archives closed has to open this one: a program in an archive cannot be started.
    preferUnplugged: true,
    publishConfig: { access: 'public' },
  });
  writeFileSync(join(folder, 'README.md'), `# ${scoped(name)}\n\n${title}: see ${ours.homepage}\n`);
}

function pick(manifest: Manifest, keys: readonly string[]): Manifest {
  return Object.fromEntries(keys.filter((key) => key in manifest).map((key) => [key, manifest[key]]));
}

function place(folder: string, path: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  return target;
}

function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    await buildExecutables();
    makePackages();
    console.log(`dist/npm is made`);
  });
}
