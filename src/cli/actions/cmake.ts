import type { CliContext } from '../context.ts';
import { shippedFile } from '../shipped-files.ts';

/** `clcache --cmake`: tells where the CMake module is, and the line that makes a project use it. */
export function showCMake(context: CliContext): number {
  const module = shippedFile(context, 'cmake/Clcache.cmake').replaceAll('\\', '/');
  context.stdout(`${module}

To compile a project through clcache, its CMakeLists.txt takes this line:
  include("${module}")
Without a change to any file:
  cmake "-DCMAKE_PROJECT_INCLUDE=${module}" ...
`);
  return 0;
}
