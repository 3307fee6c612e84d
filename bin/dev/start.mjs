/**
 * `node bin/dev/start.mjs NAME ARGUMENT...`: runs the script of that name in this folder. It is in TypeScript like all
 * others, so the packages that run it are installed first if they are missing. Only what this needs is in JavaScript.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCi } from './npm-ci.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Installs the npm packages when node_modules is missing or does not hold what the lock file names. */
function ensureDependencies() {
  if (!dependenciesMatch()) {
    console.log('[set-up] installing the npm packages of package-lock.json (npm ci)');
    installPackages();
  }
  finishInstall('bun', 'bin/bun.exe', 'install.js');
  finishInstall('esbuild', 'bin/esbuild', 'install.js');
}

/** Beside their place, since `npmCi` wants a lock file of its own. An interrupted installation leaves what was there. */
function installPackages() {
  const folder = join(ROOT, 'dist/.install');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(ROOT, name), join(folder, name));
  const problem = npmCi(folder);
  if (problem !== undefined) {
    console.error(`clcache: ${problem}`);
    process.exit(1);
  }
  const [made, target] = [folder, ROOT].map((place) => join(place, 'node_modules'));
  try {
    rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
  } catch {
    // It is a volume of its own, which containers have.
    cpSync(made, target, { recursive: true, verbatimSymlinks: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Compares versions, not times: a checkout changes times without changing packages. */
function dependenciesMatch() {
  const installed = packagesOf('node_modules/.package-lock.json');
  const wanted = packagesOf('package-lock.json');
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const there = installed[path];
    return there === undefined ? optional === true : there.version === version;
  });
}

function packagesOf(lockFile) {
  const path = join(ROOT, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** Some npm versions skip install scripts: these two packages need theirs to fetch or place a program. */
function finishInstall(packageName, program, installer) {
  const folder = join(ROOT, 'node_modules', packageName);
  if (spawnSync(join(folder, program), ['--version'], { stdio: 'ignore' }).status === 0) return;
  const result = spawnSync(process.execPath, [join(folder, program), '--version'], { stdio: 'ignore' });
  if (result.status === 0) return;
  console.log(`[set-up] finishing the installation of ${packageName}`);
  run(process.execPath, [join(folder, installer)], { cwd: folder });
}

/** Ends with the status of a program that fails. */
function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', cwd: ROOT, ...options });
  if (error) console.error(`clcache: cannot run ${program}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

const [name, ...args] = process.argv.slice(2);
ensureDependencies();
run(process.execPath, ['--import', 'tsx', `bin/dev/${name}.ts`, ...args]);
