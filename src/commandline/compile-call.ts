/**
 * What the rest of the program knows of one call of the compiler. `parse`, `classify` and `outputs` produce these
 * types, and `compile/`, `cache/` and `compiler/` use them. Types only.
 */

import type { CompilerFamily } from './family.ts';
import type { Language } from './languages.ts';

/**
 * What the parser must know of the compiler and the machine. A pure value, so that Windows rules are tested on any
 * system.
 */
export interface CommandLineHost {
  readonly family: CompilerFamily;
  /** The major version of clang (14, 19 …). Undefined for cl. `/Fo:` has another meaning before 19. */
  readonly clangVersion: number | undefined;
  /** What stands before `clang` in the driver's name, which may be a target. */
  readonly namedTarget?: string;
  readonly style: 'win32' | 'posix';
  /** The absolute folder that relative names are relative to. */
  readonly workingDirectory: string;
  /** Whether a path names an existing file. It decides what `/home/a.c` is on POSIX. */
  readonly fileExists: (path: string) => boolean;
  /** Whether a path names an existing folder, into which some options then write. */
  readonly folderExists: (path: string) => boolean;
  /** The options that a project declares safe: `-x`, or `-x*` for all that begin with `-x`. */
  readonly safeOptions?: readonly string[];
  /** Whose program databases are kept with their objects. By default nobody's. */
  readonly databases?: KeptDatabases;
  /** Whether precompiled headers are cached that do not say what they were made from. */
  readonly precompiledHeaders?: boolean;
  /** Words that this clang-cl was seen to ignore with a warning. Other versions may differ. */
  readonly ignoredWords?: ReadonlySet<string>;
}

/**
 * `own`: that of a call with one source that names its database. `perObject`: each object gets a database of its own, with
 * the object's name and `.pdb` behind it.
 */
export type KeptDatabases = 'own' | 'perObject';

/** Why the compiler gets a call unchanged. Each reason has its counter (`COUNTER_OF_REASON`). */
export type UncacheableReason =
  | 'invalidArgument'
  | 'noSource'
  | 'preprocessing'
  | 'externalDebugInfo'
  | 'precompiledHeader'
  | 'linking'
  | 'multipleSources'
  /** An unknown option, or one whose output or input cannot be stored. */
  | 'unsupportedOption';

/** What a file is to the compile that writes it. The role, not the path, names it in an artifact. */
export type OutputRole =
  | 'object'
  /** A program database of this object alone. */
  | 'database'
  | 'listing'
  | 'browse'
  | 'documentation'
  | 'sourceDependencies'
  | 'dependencies'
  | 'splitDebug'
  | 'serializedDiagnostics'
  | 'timeTrace'
  | 'coverageNotes'
  | 'stackUsage'
  | 'optimizationRecord'
  | 'precompiledHeader';

export interface JobOutput {
  readonly role: OutputRole;
  /** The absolute path of the file that the compiler will write. */
  readonly path: string;
}

/** One part of a key. `text` is the canonical spelling of an option. `path`, if set, is made canonical later. */
export interface KeyPart {
  readonly text: string;
  /** A value that names a file or folder, as spelled on the line. Base directories are cut from it in the key. */
  readonly path?: string;
  /** True if it only shapes the preprocessed text. It is then left out of a key made from that text. */
  readonly preprocessorOnly?: boolean;
  /** True for an unknown option that the project declares safe. */
  readonly isUnknown?: true;
}

/** A variable of the environment that is part of a key. */
export interface EnvironmentPart {
  readonly name: string;
  readonly value: string;
  /** True for a list of folders. It is made portable in a key, and left out of a key made from preprocessed text. */
  readonly isFolderList: boolean;
}

/** One source of a call, compiled by itself. */
export interface CompileJob {
  /** As spelled on the command line (without /Tc, /Tp). */
  readonly source: string;
  readonly language: Language;
  /** Set for a source that is compiled with the others but never cached: the reason. */
  readonly uncached?: string;
  /**
   * The arguments that compile this source alone: everything expanded, without /MP and other sources. They end with
   * `sourceArguments`, so that additions must come before those.
   */
  readonly compilerArguments: readonly string[];
  /**
   * The same without source, outputs, /c and /showIncludes. Probes and preprocessor runs are made from them (see
   * `preprocessorArguments`).
   */
  readonly optionArguments: readonly string[];
  /**
   * Those of them that may change where headers are searched. Macros are left out, because every target has its own.
   */
  readonly searchArguments: readonly string[];
  /** The last arguments, which name the source: `['/Tpa.x']`, `['--', '/src/a.c']`, `['a.c']`. */
  readonly sourceArguments: readonly string[];
  /** The object first, then every other file that this compile writes. */
  readonly outputs: readonly JobOutput[];
  /** Everything on the command line that can change an output byte, in canonical order, without the source. */
  readonly keyParts: readonly KeyPart[];
}

/** A folder that the compiler searches for headers, in the order of the search. */
export interface SearchDirectory {
  /** As spelled on the command line. */
  readonly path: string;
  readonly kind: 'user' | 'external' | 'system';
}

/** What an option says about where clang-cl finds Microsoft's tools, as spelled. */
export interface ToolFolder {
  readonly kind: 'winsysroot' | 'vctoolsdir' | 'winsdkdir';
  readonly path: string;
}

/** The precompiled header that a call makes or uses. */
export interface PrecompiledHeader {
  readonly work: 'made' | 'used';
  /** The absolute path of the `.pch`, or of the object in whose place it is written. */
  readonly path: string;
  /** The header behind which the source goes on after it. The compiler looks for it as for a forced include. */
  readonly through: string | undefined;
}

/** What clang-cl takes from the terminal to which it writes diagnostics. */
export interface TerminalUse {
  /** Arguments for what clang-cl finds on a terminal with colours. Empty if the line decides about colours. */
  readonly colours: readonly string[];
  /** True if diagnostics are wrapped to the width of the terminal. */
  readonly isWrapped: boolean;
  /** True if the object may hold what the driver tells the compiler proper about the terminal. */
  readonly isRecorded: boolean;
}

/** A call that can be cached: what applies to all of its sources, and the sources. */
export interface CompileCall {
  readonly jobs: readonly CompileJob[];
  /** How many compilers may run at once: `/MPn`, the processor count for a bare `/MP`, else 1. */
  readonly workers: number;
  readonly searchDirectories: readonly SearchDirectory[];
  /**
   * Variables that add search folders after those of the line: INCLUDE and EXTERNAL_INCLUDE (not after /X), those of
   * `/external:env:NAME`, and for clang-cl CPATH, C_INCLUDE_PATH and CPLUS_INCLUDE_PATH.
   */
  readonly searchVariables: readonly string[];
  readonly forcedIncludes: readonly string[];
  /**
   * Files that options name and whose contents are part of the key (sanitizer lists, rule sets, plug-ins …), as
   * spelled.
   */
  readonly inputFiles: readonly string[];
  /** Undefined if the call neither makes nor uses one. */
  readonly precompiled: PrecompiledHeader | undefined;
  /** Undefined for a target that does not use Microsoft's tools. */
  readonly toolFolders: readonly ToolFolder[] | undefined;
  /** The include notes that the user asked for. They are printed on a hit, and notes for clcache alone are removed. */
  readonly showIncludes: 'no' | 'all' | 'user';
  /** True if an output would show that `/showIncludes` was added, so that a separate run must list the headers. */
  readonly addedNotesShow: boolean;
  /** Undefined if no argument can replace what the compiler finds on a terminal. */
  readonly terminal: TerminalUse | undefined;
  /** True if the object contains line or path information for a debugger. */
  readonly debugInfo: boolean;
  /** True if an option makes the compiler find out for which processor it compiles. */
  readonly namesNativeProcessor: boolean;
  /** The macros that `/D` and the like define, in order: `NAME`, `NAME=text` or `NAME(x)=text`. */
  readonly definitions: readonly string[];
}

export type Classification =
  | { readonly kind: 'cacheable'; readonly call: CompileCall }
  | {
      readonly kind: 'uncacheable';
      readonly reason: UncacheableReason;
      /** For CLCACHE_LOG: the option or word that decided, and why. */
      readonly because: string;
      /** That option, in the words of the line. Undefined if none alone decided. */
      readonly option?: string | undefined;
      /** Its name without the value, which may be a path or a secret. */
      readonly optionName?: string | undefined;
      /** Words that would be no reason if this clang-cl ignored them. `ignoredWords` is asked about them. */
      readonly doubtfulWords: readonly string[];
    };
