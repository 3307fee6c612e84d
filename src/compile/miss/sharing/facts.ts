/** What is known of a compile when sharing is decided. Types only. */

import type { ArtifactRole } from '../../../cache/artifact.ts';
import type { TreeRoots } from '../../../cache/base-directory.ts';
import type { EnvironmentPart, KeyPart } from '../../../commandline/compile-call.ts';
import type { CompilerFamily } from '../../../commandline/family.ts';
import type { IncludeDirective } from '../../../source/scan.ts';
import type { PathWord } from '../../../source/words.ts';

/** The ways by which a path of the tree reaches the compiler. */
export type Channel =
  /** Always open: every compiler can ask for the folder it was started in. */
  | 'workingFolder'
  /** The name of the source or of a header, or a folder where headers are searched. */
  | 'fileNames'
  /** The name of an output. */
  | 'outputNames'
  /** The arguments and variables unchanged. */
  | 'commandLine';

/** The outputs on which a prefix map or a compilation folder works. */
export type MapKind = 'macro' | 'debug' | 'coverage';

/** The parts of a compiled file's text that matter here. */
export interface SharedText {
  /** An absolute path. */
  readonly path: string;
  readonly includes: readonly IncludeDirective[];
  readonly computesInclude: boolean;
}

export interface SharingFacts {
  readonly roots: TreeRoots;
  readonly family: CompilerFamily;
  /** The major version. Undefined for cl. */
  readonly clangVersion: number | undefined;
  /** False if the target is known to be another system. */
  readonly isForWindows: boolean;
  /** As the command line spells it. */
  readonly source: string;
  readonly options: readonly KeyPart[];
  readonly variables: readonly EnvironmentPart[];
  readonly forcedIncludes: readonly string[];
  /** Every inclusion as the compiler names it, with its depth (1 for what the source includes). */
  readonly inclusions: readonly { readonly path: string; readonly depth: number }[];
  /** The source comes first. */
  readonly texts: readonly SharedText[];
  /** All folders that are searched for headers, absolute. */
  readonly searchFolders: readonly string[];
  /** The outputs of the compile. */
  readonly roles: ReadonlySet<ArtifactRole>;
  /** The path words in the source and in headers that are not the compiler's own. */
  readonly words: () => ReadonlySet<PathWord>;
  /** Whether a symbol holds, or may hold, a hash that Microsoft's naming makes of a path. */
  readonly hasHashedNames: () => boolean;
}
