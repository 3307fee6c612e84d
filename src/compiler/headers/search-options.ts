import type { SourceScan } from '../../source/scan.ts';
import type { PlacesOptions } from './search-places.ts';

/**
 * Finds the places where the compiler looked before it found each header. A file that appears in one of them would be
 * found first, so a manifest entry holds only while they stay empty (ccache issue 811, sccache issue 2766). Microsoft's
 * order for `#include "x"`: the folder of the current file, the folders of the files that include it, from the
 * innermost one outwards, then `/I` and the like in order, then INCLUDE. For `<x>` the first two are left out ("/I
 * (Additional include directories)", "#include directive (C/C++)").
 */
export interface HeaderSearch extends PlacesOptions {
  /** The absolute path of the source. */
  readonly source: string;
  /** The search folders, absolute, in order. */
  readonly folders: readonly string[];
  /** Folders that are searched before them for quoted names only (clang's `-iquote`). */
  readonly quoteFolders?: readonly string[];
  readonly scanOf: (path: string) => SourceScan | undefined;
  /** Headers in a precompiled one: included, but not entered. */
  readonly precompiled?: readonly string[];
  /** The names that `/FI` gives, and the folder that is searched first for them. */
  readonly forced?: { readonly names: readonly string[]; readonly workingDirectory: string };
}
