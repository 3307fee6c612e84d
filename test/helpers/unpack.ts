import { mkdirSync } from 'node:fs';
import { succeed } from './cmake-builds.ts';
import { run } from './compilers.ts';

/** Unpacks a zip with what the system has for it: Windows' tar reads them. */
export async function unpack(archive: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const isWindows = process.platform === 'win32';
  const [program, ...args] = isWindows
    ? ['tar', '-xf', archive, '-C', folder]
    : ['unzip', '-q', archive, '-d', folder];
  succeed(await run(program as string, args));
}
