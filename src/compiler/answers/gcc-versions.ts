import { dirname } from 'node:path';
import type { EnvironmentPart } from '../../commandline/compile-call.ts';
import { sortedNames } from '../../util/file-stat.ts';

/** Where clang looks for GCC below a prefix (`GCCInstallationDetector` of LLVM's `Gnu.cpp`). */
const PLACES = ['lib/gcc', 'lib/gcc-cross', 'lib32/gcc', 'lib64/gcc'];

/**
 * The installed versions of GCC, as a part of a key. For a target that is not Windows, clang takes the headers of C++ from
 * the highest one, beside itself or below `/usr`: one that is installed later counts for sources that did not change.
 */
export function gccVersions(compiler: string): EnvironmentPart[] {
  const prefixes = new Set(['/usr', dirname(dirname(compiler))]);
  const found = Array.from(prefixes).flatMap((prefix) =>
    PLACES.flatMap((place) => {
      const folder = `${prefix}/${place}`;
      return sortedNames(folder).map(
        (target) => `${folder}/${target}: ${sortedNames(`${folder}/${target}`).join()}`,
      );
    }),
  );
  return found.length === 0 ? [] : [{ name: 'versions of GCC', value: found.join(';'), isFolderList: false }];
}
