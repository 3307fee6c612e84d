/** The project's folders and files, and how a script of it ends. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const DIST = join(ROOT, 'dist');
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

/** Writes beside and renames over, so that whoever runs the old file meanwhile is not disturbed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
