/** Installs compilers and tools that a machine lacks: each step says what it is about to do. */
import type { SpawnSyncOptions } from 'node:child_process';
import { type Compiler, findClangCl, findMicrosoftCompiler, findOnPath } from './find-compiler.ts';
import { mustRun } from './programs.ts';
import { Failure, ON_WINDOWS } from './project.ts';

const announce = (line: string) => console.log(`[set-up] ${line}`);

/** Debian packages, the programs by which one sees that they are there, and what they are for. */
export interface Tools {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  readonly purpose: string;
  /** On few systems: tests that want it skip themselves. */
  readonly isOptional?: boolean;
}

/** Servers on which caches are shared, what makes certificates for them, and a proxy before them. */
export const SERVERS: Tools = {
  packages: ['memcached', 'nginx-light', 'openssl', 'redis-server', 'tinyproxy'],
  programs: ['memcached', 'nginx', 'openssl', 'redis-server', 'tinyproxy'],
  purpose: 'remote caches',
};

/** The compiler to use, found or installed. */
export function ensureCompiler(): Compiler {
  if (ON_WINDOWS) return findMicrosoftCompiler();
  const found = findClangCl();
  if (found) return found;
  ensureDebianPackages(['clang-tools'], 'a compiler');
  const installed = findClangCl();
  if (installed) return installed;
  throw new Failure('clang-tools is installed, but there is no clang-cl on PATH');
}

/**
 * Installs the packages whose programs are not there, all that must be there at once. What is optional is on few systems:
 * tests skip themselves then.
 */
export function ensureTools(needs: Iterable<Tools>): void {
  const isMissing = ({ programs }: Tools) => programs.some((program) => findOnPath([program]) === undefined);
  const missing = [...needs].filter(isMissing);
  const required = missing.filter(({ isOptional = false }) => !isOptional);
  if (required.length > 0) {
    const packages = required.flatMap((tools) => tools.packages);
    ensureDebianPackages(packages, required.map(({ purpose }) => purpose).join(', '));
  }
  for (const { packages, purpose } of missing.filter((tools) => !required.includes(tools))) {
    try {
      ensureDebianPackages(packages, purpose);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.log(`${purpose} are left out: ${error.message}`);
    }
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
