import type { NamedPlace, NameSearch, WatchedFolder } from '../../files/searches.ts';

/** What the searches of a compile depend on, but for the headers that they found. */
export interface SearchTraces {
  readonly searches: readonly NameSearch[];
  /** The existing folders that the searches looked into. */
  readonly watched: readonly WatchedFolder[];
  /** Those of them, as paths, of which the own state does not show everything. */
  readonly unsteady: ReadonlySet<string>;
  /** Absolute paths that must stay absent: search folders, and names that lists of folders do not show. */
  readonly absent: ReadonlySet<string>;
  /** Absolute paths that must stay present (`__has_include` found them). */
  readonly present: ReadonlySet<string>;
  /** Absolute paths of folders where a header of such a name would have been found first if they were files. */
  readonly folders: ReadonlySet<string>;
  /** Files in places where a header would have been found first, but was not. Most belong to inactive lines. */
  readonly passedOver: ReadonlySet<string>;
  /** Those, and the files that `__has_include_next` found: every file in a place that a search went through. */
  readonly files: readonly NamedPlace[];
  /** The folders that `__has_include` went through without finding what it asked for, and the names. */
  readonly asked: { readonly folders: ReadonlySet<string>; readonly names: ReadonlySet<string> };
  /**
   * Targets of `#include` lines that were not reported: of inactive lines, or other names of a header that was included
   * already, which a compiler does not enter again.
   */
  readonly unreported: ReadonlySet<string>;
}

/** An inclusion that the compiler reported: the absolute path, and the depth. */
export interface Inclusion {
  readonly path: string;
  readonly depth: number;
}
