import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from './cmake-builds.ts';
import { run } from './compilers.ts';

/** Unpacks a zip with what the system has for it. Windows' own tar reads them; the one of Git, in its shells, does not. */
export async function unpack(archive: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (process.platform !== 'win32') succeed(await run('unzip', ['-q', archive, '-d', folder]));
  else {
    const tar = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'tar.exe');
    succeed(await run(tar, ['-xf', archive, '-C', folder]));
  }
}
