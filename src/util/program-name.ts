/** What the name of a program says of it: `C:\bin\CLANG-CL-14.EXE` is a clang-cl. */

/** Written as part of a file name only, so that rules of paths do not matter: `\` may be in no sensible name. */
const FOLDER = /^.*[\\/]/;
const ENDING = /\.(?:exe|com|bat|cmd|[cm]?js)$/i;
/** As distributions have it: `clang-cl-14`, `clang-cl-14.0`, `gcc-12`. */
const VERSION = /(?:-\d+(?:\.\d+)*|(?<=[a-z])\d+)$/i;

/** Compilers, and what stands before their names for other machines: `x86_64-pc-windows-msvc-clang-cl`. */
const COMPILER = /^(?:.+[-_])?(?:cl|clang-cl|clang|clang\+\+|gcc|g\+\+|cc|c\+\+|icl|icx-cl|icx|icpx|nvcc)$/i;
const OWN = /clcache/i;

/** The last part of a path, in any style. */
export function fileNameOf(path: string): string {
  return path.replace(FOLDER, '');
}

/** Without folder, ending and version: `clang-cl`. */
export function stemOf(path: string): string {
  return fileNameOf(path).replace(ENDING, '').replace(VERSION, '');
}

/** True for a name that people give to a compiler, and that this program has only to pass for one. */
export function isCompilerName(path: string): boolean {
  const stem = stemOf(path);
  return COMPILER.test(stem) && !OWN.test(stem);
}

/** True for a name by which a program says that it has the command line of cl: `cl`, `my-cl`, `clang-cl`. */
export function isNameOfCl(path: string): boolean {
  return /(?:^|[^a-z])cl$/i.test(stemOf(path));
}
