import { dirname } from 'node:path';
import type { EnvironmentPart } from '../../commandline/compile-call.ts';
import { readTextIfThere, sortedNames } from '../../util/file-stat.ts';

/** Where clang looks for GCC below a prefix (`GCCInstallationDetector` of LLVM's `Gnu.cpp`). */
const PLACES = ['lib/gcc', 'lib/gcc-cross', 'lib32/gcc', 'lib64/gcc'];
/** Prefixes of the toolsets that Red Hat installs beside the system, of which clang takes the newest. */
const TOOLSETS = '/opt/rh';
/** Which version of GCC is chosen, where Gentoo says it. */
const CHOICES = '/etc/env.d/gcc';

/**
 * The installed versions of GCC, as a part of a key. For a target that is not Windows, clang takes the headers of C++ from
 * the highest one, beside itself, below `/usr` or in a toolset: one that is installed later counts for sources that did
 * not change. Gentoo's choice counts before that. `root` is the folder of the system, for tests.
 */
export function gccVersions(compiler: string, root = ''): EnvironmentPart[] {
  const toolsets = sortedNames(`${root}${TOOLSETS}`).map((name) => `${root}${TOOLSETS}/${name}/root/usr`);
  const prefixes = new Set([`${root}/usr`, dirname(dirname(compiler)), ...toolsets]);
  const found = Array.from(prefixes).flatMap((prefix) =>
    PLACES.flatMap((place) => {
      const folder = `${prefix}/${place}`;
      return sortedNames(folder).map(
        (target) => `${folder}/${target}: ${sortedNames(`${folder}/${target}`).join()}`,
      );
    }),
  );
  for (const name of sortedNames(`${root}${CHOICES}`)) {
    found.push(readTextIfThere(`${root}${CHOICES}/${name}`) ?? '');
  }
  return found.length === 0 ? [] : [{ name: 'versions of GCC', value: found.join(';'), isFolderList: false }];
}
