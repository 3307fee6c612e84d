/**
 * `node bin/dev/start.mjs NAME ARGUMENT...`: runs the script of that name in this folder. It is in TypeScript like all
 * others, so the packages that run it are installed first if they are missing. Only this file is in JavaScript.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs `npm ci` when node_modules is missing or does not hold what the lock file names. */
function ensureDependencies() {
  if (!dependenciesMatch()) {
    console.log('[set-up] installing the npm packages of package-lock.json (npm ci)');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  finishInstall('bun', 'bin/bun.exe', 'install.js');
  finishInstall('esbuild', 'bin/esbuild', 'install.js');
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

/** Runs npm: through the script that started us where there is one, since npm.cmd needs a shell on Windows. */
function npm(args) {
  const started = process.env.npm_execpath;
  if (started?.endsWith('npm-cli.js')) return run(process.execPath, [started, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
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
