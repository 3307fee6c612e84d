import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findClangCl } from './compilers.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * The path of a link to the real compiler under a name, alone in its folder, which is the same for all tests of a file: what
 * clcache learns of a compiler is known by its path.
 */
export function linkedCompilers(context: Parameters<typeof temporaryFolder>[0]): (name: string) => string {
  const root = temporaryFolder(context);
  return (name) => {
    const folder = join(root, `with ${name}`);
    const path = join(folder, name);
    if (!existsSync(path)) {
      mkdirSync(folder);
      symlinkSync(findClangCl().path, path);
    }
    return path;
  };
}
