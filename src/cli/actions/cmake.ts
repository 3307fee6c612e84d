import type { CliContext } from '../context.ts';
import { shippedFile } from '../shipped-files.ts';

/** `clcache --cmake`: prints the path of the CMake module, and the lines that make a project use it. */
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
