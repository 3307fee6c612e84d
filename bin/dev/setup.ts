/** Compilers and tools that a machine lacks: each step says what it is about to do. */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure, mustRun, ON_WINDOWS } from './project.ts';

const announce = (line: string) => console.log(`[set-up] ${line}`);

export interface Compiler {
  readonly path: string;
  readonly kind: 'cl' | 'clang-cl';
  readonly environment: NodeJS.ProcessEnv;
}

/** Debian packages, the programs by which one sees that they are there, and what they are for. */
export interface Tools {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  readonly purpose: string;
  /** On few systems: tests that want it skip themselves. */
  readonly isOptional?: boolean;
}

/** Servers on which caches are shared, and what makes certificates for them. */
export const SERVERS: Tools = {
  packages: ['memcached', 'nginx-light', 'openssl', 'redis-server'],
  programs: ['memcached', 'nginx', 'openssl', 'redis-server'],
  purpose: 'remote caches',
};

/** The first program of that name on PATH, or undefined. */
export function findOnPath(names: readonly string[], environment = process.env): string | undefined {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

/** Every `clang-cl` and `clang-cl-N` on PATH, the highest number first. */
export function findClangCl(environment = process.env): string | undefined {
  const found = new Map<string, { readonly path: string; readonly number: number }>();
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      const match = /^clang-cl(?:-(\d+))?$/.exec(name);
      if (match && !found.has(name))
        found.set(name, { path: join(folder, name), number: Number(match[1] ?? 0) });
    }
  }
  return [...found.values()].sort((a, b) => b.number - a.number)[0]?.path;
}

/** The compiler to use, found or installed. */
export function ensureCompiler(): Compiler {
  if (ON_WINDOWS) return findMicrosoftCompiler();
  const found = findClangCl();
  if (found) return clang(found);
  ensureDebianPackages(['clang-tools'], 'a compiler');
  const installed = findClangCl();
  if (installed) return clang(installed);
  throw new Failure('clang-tools is installed, but there is no clang-cl on PATH');
}

const clang = (path: string): Compiler => ({ path, kind: 'clang-cl', environment: { ...process.env } });

/** Installs packages unless their programs are there. What is optional is on few systems: tests skip themselves then. */
export function ensureTools({ packages, programs, purpose, isOptional = false }: Tools): void {
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
export function ensureDebianPackages(packages: readonly string[], purpose: string): void {
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
  const options: SpawnSyncOptions = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', env };
  mustRun('apt-get', ['update'], options);
  mustRun('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
}

/** cl.exe from PATH, else that of the newest Visual Studio with the environment its vcvars64.bat makes. */
function findMicrosoftCompiler(): Compiler {
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

function newestVisualStudio(): string | undefined {
  const folder = process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)';
  const vswhere = join(folder, 'Microsoft Visual Studio\\Installer\\vswhere.exe');
  if (!existsSync(vswhere)) return undefined;
  const query = ['-latest', '-products', '*', '-property', 'installationPath', '-utf8'];
  const part = ['-requires', 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64'];
  const result = spawnSync(vswhere, [...query, ...part], { encoding: 'utf8' });
  return result.stdout?.trim() || undefined;
}

function environmentOf(batchFile: string): NodeJS.ProcessEnv | undefined {
  const command = `""${batchFile}" >nul && set"`;
  const result = spawnSync('cmd.exe', ['/d', '/u', '/s', '/c', command], { windowsVerbatimArguments: true });
  if (result.status !== 0) return undefined;
  const pairs = result.stdout
    .toString('utf16le')
    .split('\r\n')
    .map((line) => /^([^=]+)=(.*)$/.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}
