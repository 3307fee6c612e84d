/** Reads the name of a program: `C:\bin\CLANG-CL-14.EXE` is a clang-cl. */

/** Matches the folder in any path style. No sensible program name contains `\`. */
const FOLDER = /^.*[\\/]/;
const ENDING = /\.(?:exe|com|bat|cmd|[cm]?js)$/i;
/** Versions as distributions write them: `clang-cl-14`, `clang-cl-14.0`, `gcc-12`. */
const VERSION = /(?:-\d+(?:\.\d+)*|(?<=[a-z])\d+)$/i;

/** Compilers, perhaps with a prefix for another machine: `x86_64-pc-windows-msvc-clang-cl`. */
const COMPILER = /^(?:.+[-_])?(?:cl|clang-cl|clang|clang\+\+|gcc|g\+\+|cc|c\+\+|icl|icx-cl|icx|icpx|nvcc)$/i;
const OWN = /clcache/i;

/** The last part of a path in any style. */
export function fileNameOf(path: string): string {
  return path.replace(FOLDER, '');
}

/** The name without folder, extension and version: `clang-cl`. */
export function stemOf(path: string): string {
  return fileNameOf(path).replace(ENDING, '').replace(VERSION, '');
}

/** True for the name of a compiler. Under such a name this program behaves as that compiler. */
export function isCompilerName(path: string): boolean {
  const stem = stemOf(path);
  return COMPILER.test(stem) && !OWN.test(stem);
}

/** True for a name that promises the command line of cl: `cl`, `my-cl`, `clang-cl`. */
export function isNameOfCl(path: string): boolean {
  return /(?:^|[^a-z])cl$/i.test(stemOf(path));
}

/** True for a name that promises clang with the command line of cl: `clang-cl-14`, `x86_64-pc-windows-msvc-clang-cl`. */
export function isNameOfClangCl(path: string): boolean {
  return /(?:^|[-_])clang-cl$/i.test(stemOf(path));
}

/**
 * What stands before `clang` in the name of a driver: `i686-pc-windows-msvc` in `i686-pc-windows-msvc-clang-cl`. clang takes
 * it for the target (`ToolChain::getTargetAndModeFromProgramName`). '' if there is nothing.
 */
export function targetInName(path: string): string {
  return /^(.+)-clang/.exec(fileNameOf(path))?.[1] ?? '';
}
