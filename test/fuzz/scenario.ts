/**
 * Everything that decides what one call of the compiler does. A change makes another scenario of it. In texts, words and
 * values `$TREE` stands for the tree's absolute path, `$NAME` for the name of its folder, and `$ABOVE` for the folder
 * that all trees of a case lie in.
 */
export interface Scenario {
  readonly tree: SourceTree;
  /** Below the tree, or `$ABOVE`: where the compiler is started. */
  readonly workingFolder: string;
  readonly line: CommandLine;
  /** Variables of the call, beside PATH and such. */
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the folder that holds the tree. */
  readonly place: string;
}

export interface SourceTree {
  /** Contents by path below the tree; those that begin with `$ABOVE/` lie outside. */
  readonly files: ReadonlyMap<string, string>;
  /** Targets of symbolic links by path below the tree; `=` and a path below the tree for a hard link. */
  readonly links: ReadonlyMap<string, string>;
  /** Folders that exist even when nothing is in them. */
  readonly folders: readonly string[];
}

/** An option with its value, or a source: words that belong together. */
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
  /** Base folders. */
  readonly baseDirectories: readonly string[];
  readonly hardLink: boolean;
  readonly compress: boolean;
  /** Wait until files are old enough that their hashes are remembered between calls. */
  readonly settle: boolean;
}

/** A case: what is called in which order. The seed decides all of it, so that it can be made again, and made smaller. */
export interface Plan {
  readonly settings: Settings;
  readonly steps: readonly Step[];
  /** Texts hold the time, or what they mean depends on it. */
  readonly looksAtClock: boolean;
  /** What the compiler says depends on when files were written. */
  readonly looksAtFileTimes: boolean;
  /** Endings of outputs that stay for the next calls. Without it, each call finds none. */
  readonly keeps?: readonly string[];
  /** Each text has a time of its own, so that a file that changes back is as old as before. */
  readonly datesFiles?: boolean;
}

export type Step = {
  readonly title: string;
  /** The tree is brought into this state first. */
  readonly scenario: Scenario;
  /** Files that are written again with the content that they have. */
  readonly touched?: readonly string[];
  /** Outputs that are removed before. */
  readonly removes?: readonly string[];
} & (
  | { readonly does: 'arrange' }
  | {
      readonly does: 'call';
      /** The first call in this tree, when others were compiled already: its hits are theirs. */
      readonly crosses?: true;
      /** The call only fills the cache: what the compiler itself leaves is not asked. */
      readonly fills?: true;
    }
  /** The files become those of `next` while the compiler runs: just before it reads any, or just after it has ended. */
  | {
      readonly does: 'edit';
      readonly when: 'before' | 'after';
      readonly next: Scenario;
      /** The files become so when these two folders are renamed, so that no file is written. */
      readonly swaps?: readonly [string, string];
    }
  /** Another call begins at the same moment. */
  | { readonly does: 'together'; readonly other: Scenario }
);
