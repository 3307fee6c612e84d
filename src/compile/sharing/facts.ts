/** What is known of one compile when it is decided whether other trees may have its result. Types only. */
import type { ArtifactRole } from '../../cache/artifact.ts';
import type { TreeRoots } from '../../cache/base-directory.ts';
import type { CompilerFamily, EnvironmentPart, KeyPart } from '../../commandline/compile-call.ts';
import type { IncludeDirective } from '../../source/scan.ts';
import type { PathWord } from '../../source/words.ts';

/** The ways by which a path of the tree reaches the compiler. */
export type Channel =
  /** Always open: every compiler can ask for the folder it was started in. */
  | 'workingFolder'
  /** What the source or a header is called, or the folder where headers are searched. */
  | 'fileNames'
  /** What an output is called. */
  | 'outputNames'
  /** The arguments and variables as they are. */
  | 'commandLine';

/** Which outputs a prefix map or a compilation folder works on. */
export type MapKind = 'macro' | 'debug' | 'coverage';

/** A file that was compiled, as far as its text is of interest. */
export interface SharedText {
  /** Absolute. */
  readonly path: string;
  readonly includes: readonly IncludeDirective[];
  readonly computesInclude: boolean;
}

export interface SharingFacts {
  readonly roots: TreeRoots;
  readonly family: CompilerFamily;
  /** Major version; undefined for cl. */
  readonly clangVersion: number | undefined;
  /** False where the target is known to be another one. */
  readonly isForWindows: boolean;
  /** As spelled on the line. */
  readonly source: string;
  readonly options: readonly KeyPart[];
  readonly variables: readonly EnvironmentPart[];
  readonly forcedIncludes: readonly string[];
  /** Every inclusion as the compiler names it, with its depth (1 for what the source includes). */
  readonly inclusions: readonly { readonly path: string; readonly depth: number }[];
  /** The source first. */
  readonly texts: readonly SharedText[];
  /** All folders that are searched for headers, absolute. */
  readonly searchFolders: readonly string[];
  /** What the compile left. */
  readonly roles: ReadonlySet<ArtifactRole>;
  /** What stands in the source and in headers that are not the compiler's own. */
  readonly words: () => ReadonlySet<PathWord>;
  /** Whether a symbol holds a hash that Microsoft's way of naming makes of a path, or may hold one unseen. */
  readonly hasHashedNames: () => boolean;
}
