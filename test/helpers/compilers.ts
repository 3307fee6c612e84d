import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../bin/dev/project.ts';

export { temporaryFolder } from './temporary-folder.ts';

export interface FoundCompiler {
  /** Absolute path. */
  readonly path: string;
  /** The major version, such as 14. */
  readonly version: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests without its CLCACHE_*, CL and _CL_. Undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunResult {
  /** The exit status; undefined for a program that a signal ended. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** What makes clang-cl compile for this machine, with its own headers. */
export const HOST_TARGET = '--target=x86_64-pc-linux-gnu';

/** `CLCACHE_TEST_DIST` names another build to be tested. */
const DIST = process.env['CLCACHE_TEST_DIST'] ?? join(ROOT, 'dist');

let clangCl: FoundCompiler | undefined;

/** The newest clang-cl on PATH (`clang-cl` or `clang-cl-N`). Throws when there is none. */
export function findClangCl(): FoundCompiler {
  clangCl ??= clangClsOnPath().sort((a, b) => b.version - a.version)[0];
  if (clangCl === undefined) throw new Error('There is no clang-cl on PATH: npm test installs it on Debian.');
  return clangCl;
}

/** The built executable for this machine. */
export function executable(): string {
  return built(process.platform === 'win32' ? 'exe/windows-x64/clcache.exe' : 'exe/linux-x64/clcache');
}

/** The built bundle, for `node`. */
export function bundle(): string {
  return built('clcache.cjs');
}

/** Runs a program to its end and returns its streams as bytes. Rejects only if it cannot be started. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const env = cleanEnvironment(options.env);
    const child = spawn(program, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({
        status: status ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
      });
    });
  });
}

/** What would change clcache or the compiler, and a file of certificates: Node.js reads it in 60 ms, at each start. */
const NOT_PASSED_ON = /^(?:CLCACHE_.*|CL|_CL_|NODE_EXTRA_CA_CERTS)$/i;

/** The environment of the tests without what disturbs them, with `added`. */
export function cleanEnvironment(added: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

function clangClsOnPath(): FoundCompiler[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => existsSync(folder));
  return folders.flatMap((folder) => {
    const names = readdirSync(folder).filter((name) => /^clang-cl(?:-\d+)?(?:\.exe)?$/.test(name));
    return names.map((name) => ({ path: join(folder, name), version: versionOf(join(folder, name)) }));
  });
}

function versionOf(compiler: string): number {
  const { stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  return Number(/version (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function built(name: string): string {
  const path = join(DIST, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build:exe`);
  return path;
}
