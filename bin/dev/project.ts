/** What the scripts of the project share: its folders, its name, and running other programs. */
import { type SpawnSyncOptions, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const DIST = join(ROOT, 'dist');
export const BUNDLE = join(DIST, 'clcache.cjs');
/** The files for build systems that come with the program, in a folder each beside it. */
export const SHIPPED = ['bin/cmake/Clcache.cmake', 'bin/msbuild/clcache.props'];
export const ON_WINDOWS = process.platform === 'win32';

export const packageJson = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Ends a script with one line for a person: no stack. */
export class Failure extends Error {}

/** Runs the body of a script, which may return a status; a `Failure` becomes one line on stderr and status 1. */
export async function script(body: () => unknown): Promise<void> {
  try {
    const status = await body();
    process.exitCode = typeof status === 'number' ? status : 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`clcache: ${error.message}`);
    process.exitCode = 1;
  }
}

/** Runs a program with the streams of this one; throws a `Failure` when it does not end with 0. */
export function mustRun(
  program: string,
  args: readonly string[],
  options: SpawnSyncOptions = {},
): SpawnSyncReturns<string | Buffer> {
  const result = spawnSync(program, args, { stdio: 'inherit', cwd: ROOT, ...options });
  if (result.error) throw new Failure(`cannot run ${program}: ${result.error.message}`);
  if (result.status !== 0) {
    const output = result.stderr ? `\n${result.stdout}${result.stderr}` : '';
    throw new Failure(`${program} ${args[0] ?? ''} ended with ${result.status ?? result.signal}${output}`);
  }
  return result;
}

/** Runs npm: through the script that started us where there is one, since npm.cmd needs a shell on Windows. */
export function npm(
  args: readonly string[],
  options: SpawnSyncOptions = {},
): SpawnSyncReturns<string | Buffer> {
  const started = process.env['npm_execpath'];
  if (started?.endsWith('npm-cli.js')) return mustRun(process.execPath, [started, ...args], options);
  return mustRun('npm', args, { shell: ON_WINDOWS, ...options });
}

/** Runs the command of an installed package by its script, without a shell. */
export function tool(packageName: string, script: string, args: readonly string[]): void {
  mustRun(process.execPath, [join(ROOT, 'node_modules', packageName, script), ...args]);
}

/** Every file below the given files and folders, sorted, as paths from the root. */
export function filesBelow(...paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const absolute = join(ROOT, path);
    if (!existsSync(absolute)) return [];
    const entries = readdirSyncOrFile(absolute);
    return entries === undefined ? [path] : filesBelow(...entries.map((name) => `${path}/${name}`));
  });
}

function readdirSyncOrFile(path: string): string[] | undefined {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** A hash over names and contents: unlike times, it is right after a checkout and a copy. */
export function hashOf(files: readonly string[], extra: object = {}): string {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

const stampOf = (output: string) => join(DIST, '.stamps', output.replaceAll(/[\\/]/g, '+'));

/** True if `output` (a path below dist/) is there and was made from what has this hash. */
export function isUpToDate(output: string, hash: string): boolean {
  const stamp = stampOf(output);
  return existsSync(join(DIST, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

export const markUpToDate = (output: string, hash: string) => writeWhole(stampOf(output), hash);

/** Writes beside and renames over, so that whoever runs the old file meanwhile is not disturbed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
