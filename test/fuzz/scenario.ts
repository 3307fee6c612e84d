/** Everything that decides what one call of the compiler does. A change makes another scenario of it. */
export interface Scenario {
  readonly tree: SourceTree;
  /** Below the tree: where the compiler is started. */
  readonly workingFolder: string;
  readonly line: CommandLine;
  /** Variables of the call, beside PATH and such. */
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the folder that holds the tree. */
  readonly place: string;
}

export interface SourceTree {
  /** Contents by path below the tree. */
  readonly files: ReadonlyMap<string, string>;
  /** Targets of symbolic links by path below the tree. */
  readonly links: ReadonlyMap<string, string>;
  /** Folders that exist even when nothing is in them. */
  readonly folders: readonly string[];
}

/** An option with its value, or a source: words that belong together. `$TREE` stands for the tree's absolute path. */
export type Words = readonly string[];

export interface CommandLine {
  readonly options: readonly Words[];
  readonly sources: readonly Words[];
  /** How many of the options stand in `CL`, in a response file, and in `_CL_`; the rest are arguments. */
  readonly inCL: number;
  readonly inResponseFile: number;
  readonly inUnderscoreCL: number;
}

/** How clcache is set up for a case. */
export interface Settings {
  readonly noDirect: boolean;
  readonly baseDirectory: boolean;
  readonly hardLink: boolean;
  readonly compress: boolean;
  /** Wait until files are old enough that their hashes are remembered between calls. */
  readonly settle: boolean;
}
