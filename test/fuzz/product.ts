import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, executable, findClangCl } from '../helpers/compilers.ts';
import type { Programs } from './sandbox.ts';

/** The newest clang-cl of PATH and the built product, copied so that a build meanwhile does no harm. */
export function findPrograms(folder: string): Programs {
  const compiler = findClangCl().path;
  const copy = join(folder, 'clcache');
  if (process.platform === 'linux' && process.arch === 'x64') {
    copyFileSync(executable(), copy);
    return { compiler, product: [copy] };
  }
  copyFileSync(bundle(), `${copy}.cjs`);
  return { compiler, product: [process.execPath, `${copy}.cjs`] };
}
