/** Everything that a fresh clone lacks: packages, builds, compilers. Each step says what it is about to do. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure, mustRun, npm, ON_WINDOWS, ROOT } from './project.mjs';

const announce = (line) => console.log(`[set-up] ${line}`);

/** Servers on which caches are shared, and what makes certificates for them. */
export const SERVERS = {
  packages: ['memcached', 'nginx-light', 'openssl', 'redis-server'],
  programs: ['memcached', 'nginx', 'openssl', 'redis-server'],
  purpose: 'remote caches',
};

/** Runs `npm ci` when node_modules is missing or does not hold what the lock file names. */
export function ensureDependencies() {
  if (!dependenciesMatch()) {
    announce('installing the npm packages of package-lock.json (npm ci)');
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
  announce(`finishing the installation of ${packageName}`);
  mustRun(process.execPath, [join(folder, installer)], { cwd: folder });
}

/** The first program of that name on PATH, or undefined. */
export function findOnPath(names, environment = process.env) {
  const path = environment.PATH ?? environment.Path ?? '';
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

/** Every `clang-cl` and `clang-cl-N` on PATH, the highest number first. */
export function findClangCl(environment = process.env) {
  const found = new Map();
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      const match = /^clang-cl(?:-(\d+))?$/.exec(name);
      if (match && !found.has(name))
        found.set(name, { path: join(folder, name), number: Number(match[1] ?? 0) });
    }
  }
  return [...found.values()].sort((a, b) => b.number - a.number)[0]?.path;
}

/**
 * The compiler to use, found or installed.
 * @returns {{ path: string, kind: 'cl' | 'clang-cl', environment: Record<string, string> }}
 */
export function ensureCompiler() {
  if (ON_WINDOWS) return findMicrosoftCompiler();
  const found = findClangCl();
  if (found) return clang(found);
  ensureDebianPackages(['clang-tools'], 'a compiler');
  const installed = findClangCl();
  if (installed) return clang(installed);
  throw new Failure('clang-tools is installed, but there is no clang-cl on PATH');
}

const clang = (path) => ({ path, kind: 'clang-cl', environment: { ...process.env } });

/** Installs packages unless their programs are there. What is optional is on few systems: tests skip themselves then. */
export function ensureTools({ packages, programs, purpose, isOptional = false }) {
  const isMissing = programs.some((program) => findOnPath([program]) === undefined);
  if (!isMissing) return;
  try {
    ensureDebianPackages(packages, purpose);
  } catch (error) {
    if (!(isOptional && error instanceof Failure)) throw error;
    console.log(`${purpose} are left out: ${error.message}`);
  }
}

/** Installs Debian packages as root, or says what has to be installed. */
export function ensureDebianPackages(packages, purpose) {
  const names = packages.join(' ');
  const canInstall = process.getuid?.() === 0 && findOnPath(['apt-get']);
  if (!canInstall) {
    throw new Failure(
      `${purpose} is missing: please install ${names} (on Debian: apt-get install --no-install-recommends ${names})`,
    );
  }
  announce(`installing ${names} with apt-get, for ${purpose}`);
  // With this run level no service is started by its installation.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', env };
  mustRun('apt-get', ['update'], options);
  mustRun('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
}

/** cl.exe from PATH, else that of the newest Visual Studio with the environment its vcvars64.bat makes. */
function findMicrosoftCompiler() {
  const onPath = findOnPath(['cl.exe']);
  if (onPath) return { path: onPath, kind: 'cl', environment: { ...process.env } };
  const installation = newestVisualStudio();
  const environment = installation && environmentOf(join(installation, 'VC\\Auxiliary\\Build\\vcvars64.bat'));
  const path = environment && findOnPath(['cl.exe'], environment);
  if (path) return { path, kind: 'cl', environment };
  throw new Failure(
    'no cl.exe: please install the "Desktop development with C++" workload of Visual Studio or of its Build Tools',
  );
}

function newestVisualStudio() {
  const folder = process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)';
  const vswhere = join(folder, 'Microsoft Visual Studio\\Installer\\vswhere.exe');
  if (!existsSync(vswhere)) return undefined;
  const query = ['-latest', '-products', '*', '-property', 'installationPath', '-utf8'];
  const part = ['-requires', 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64'];
  const result = spawnSync(vswhere, [...query, ...part], { encoding: 'utf8' });
  return result.stdout?.trim() || undefined;
}

function environmentOf(batchFile) {
  const command = `""${batchFile}" >nul && set"`;
  const result = spawnSync('cmd.exe', ['/d', '/u', '/s', '/c', command], { windowsVerbatimArguments: true });
  if (result.status !== 0) return undefined;
  const pairs = result.stdout
    .toString('utf16le')
    .split('\r\n')
    .map((line) => /^([^=]+)=(.*)$/.exec(line));
  return Object.fromEntries(pairs.filter(Boolean).map(([, name, value]) => [name, value]));
}
