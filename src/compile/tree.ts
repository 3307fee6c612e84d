import { baseSpellings, type TreeRoots } from '../cache/base-directory.ts';
import { bindingOfTree } from '../cache/tree-binding.ts';
import type { CompileCall, EnvironmentPart } from '../commandline/compile-call.ts';
import type { Digest } from '../hash/digest.ts';
import { absoluteFile, folderSeparator, type PathStyle } from '../util/paths.ts';

/** The folders in which a call runs. */
export interface Tree {
  readonly roots: TreeRoots;
  /** A path of the command line or of the compiler's output, as an absolute one. */
  absolute(path: string): string;
  /** The digest of this tree, for results that no other tree may have. It is made once. */
  binding(): Digest;
}

/** `spelled` gives the paths that the compiler may repeat as they were given; it is asked with the first binding. */
export function openTree(
  { style, workingDirectory, baseDirectories }: TreeRoots,
  spelled: () => readonly string[],
): Tree {
  const roots = { style, workingDirectory, baseDirectories };
  let binding: Digest | undefined;
  // A miss asks for each header several times.
  const known = new Map<string, string>();
  return {
    roots,
    absolute(path) {
      let absolute = known.get(path);
      if (absolute === undefined) {
        absolute = absoluteFile(style, workingDirectory, path);
        known.set(path, absolute);
      }
      return absolute;
    },
    binding() {
      binding ??= bindingOfTree(roots, baseSpellings(roots, spelled()));
      return binding;
    },
  };
}

/** The paths of a call that the compiler may repeat. */
export function pathsOfLine(
  style: PathStyle,
  call: CompileCall,
  environmentParts: readonly EnvironmentPart[],
): string[] {
  const separator = folderSeparator(style);
  return [
    ...call.jobs.map(({ source }) => source),
    ...call.jobs.flatMap(({ keyParts }) => keyParts.flatMap(({ path }) => path ?? [])),
    ...call.forcedIncludes,
    ...environmentParts.flatMap(({ value, isFolderList }) => (isFolderList ? value.split(separator) : [])),
  ];
}
