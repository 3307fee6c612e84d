/**
 * What the rest of the program knows of one call of the compiler: the vocabulary that `parse`, `classify` and
 * `outputs` speak, and that `compile/`, `cache/` and `compiler/` listen to. Types only.
 */

import type { Language } from './languages.ts';

/** Which option table and which naming rules hold. A renamed program is told by its own words, not its name. */
export type CompilerFamily = 'cl' | 'clang-cl';

/** What the parser must know of the compiler and the machine; a pure value, so Windows rules are tested anywhere. */
export interface CommandLineHost {
  readonly family: CompilerFamily;
  /** Major version of clang (14, 19 …); undefined for cl. `/Fo:` means another thing before 19. */
  readonly clangVersion: number | undefined;
  readonly style: 'win32' | 'posix';
  /** Absolute folder that relative names are relative to. */
  readonly workingDirectory: string;
  /** Whether a path names an existing file: decides what `/home/a.c` is on POSIX. */
  readonly fileExists: (path: string) => boolean;
  /** Whether a path names an existing folder, into which some options then write. */
  readonly folderExists: (path: string) => boolean;
  /** What a project says of options that are not in the table: `-x`, or `-x*` for all that begin so. */
  readonly safeOptions?: readonly string[];
  /** Words that this clang-cl was seen to ignore with a warning, whatever another version makes of them. */
  readonly ignoredWords?: ReadonlySet<string>;
}

/** Why a call goes to the compiler untouched; each has its counter (`COUNTER_OF_REASON`). */
export type UncacheableReason =
  | 'invalidArgument'
  | 'noSource'
  | 'preprocessing'
  | 'externalDebugInfo'
  | 'precompiledHeader'
  | 'linking'
  | 'multipleSources'
  /** An option the table does not know, or one whose output or input we cannot keep. */
  | 'unsupportedOption';

/** What a file is to the compile that writes it. The role, not the path, names it inside an artifact. */
export type OutputRole =
  | 'object'
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
  | 'optimizationRecord';

export interface JobOutput {
  readonly role: OutputRole;
  /** Absolute path of the file that the compiler will write. */
  readonly path: string;
}

/** One part of a key. `text` is the canonical spelling of an option; `path`, when there, is made canonical later. */
export interface KeyPart {
  readonly text: string;
  /** A value that names a file or folder, as spelled on the line; base folders are cut from it in the key. */
  readonly path?: string;
  /** True for what only shapes the preprocessed text; not part of a key that is made from that text. */
  readonly preprocessorOnly?: boolean;
  /** True for an option that is in no table, which the project declares safe to cache. */
  readonly isUnknown?: true;
}

/** A variable of the environment that is part of a key. */
export interface EnvironmentPart {
  readonly name: string;
  readonly value: string;
  /** A list of folders: made portable in a key, and no part of one that is made from preprocessed text. */
  readonly isFolderList: boolean;
}

/** One source of a call, compiled by itself. */
export interface CompileJob {
  /** As spelled on the command line (without /Tc, /Tp). */
  readonly source: string;
  readonly language: Language;
  /** Set for a source that is compiled along with the others, but never cached: why. */
  readonly uncached?: string;
  /**
   * What to pass to the compiler to compile this source alone: everything expanded, no /MP, no other source; ends with
   * `sourceArguments`, so that what is added must stand before it.
   */
  readonly compilerArguments: readonly string[];
  /**
   * Same, without source, outputs, /c and /showIncludes: what a probe or preprocessor run is built from (see
   * `preprocessorArguments`).
   */
  readonly optionArguments: readonly string[];
  /** Of these, what may change where headers are searched: without macros, of which every target has its own. */
  readonly searchArguments: readonly string[];
  /** Tokens that name the source, to stand last: `['/Tpa.x']`, `['--', '/src/a.c']`, `['a.c']`. */
  readonly sourceArguments: readonly string[];
  /** The object first, then every other file this compile writes. */
  readonly outputs: readonly JobOutput[];
  /** Everything of the command line that can change an output byte, in canonical order; without the source. */
  readonly keyParts: readonly KeyPart[];
}

/** A folder that the compiler searches for headers, in order of the search. */
export interface SearchDirectory {
  /** As spelled on the command line. */
  readonly path: string;
  readonly kind: 'user' | 'external' | 'system';
}

/** What an option says of where clang-cl finds Microsoft's tools, as spelled. */
export interface ToolFolder {
  readonly kind: 'winsysroot' | 'vctoolsdir' | 'winsdkdir';
  readonly path: string;
}

/** What a line leaves to clang-cl to find out of the terminal that it writes its diagnostics to. */
export interface TerminalUse {
  /** Arguments that say what clang-cl finds out on a terminal with colours; none where the line decides on them. */
  readonly colours: readonly string[];
  /** True when diagnostics are wrapped to the width of the terminal. */
  readonly isWrapped: boolean;
  /** True when the object may hold what the compiler proper was told of the terminal, as its bare call does. */
  readonly isRecorded: boolean;
}

/** A call that can be cached: what holds for all of its sources, and the sources. */
export interface CompileCall {
  readonly jobs: readonly CompileJob[];
  /** How many compilers may run at once: `/MPn`, the processor count for a bare `/MP`, else 1. */
  readonly workers: number;
  readonly searchDirectories: readonly SearchDirectory[];
  /**
   * Variables that add search folders behind those of the line: INCLUDE and EXTERNAL_INCLUDE (not after /X), those of
   * `/external:env:NAME`, and for clang-cl CPATH, C_INCLUDE_PATH and CPLUS_INCLUDE_PATH.
   */
  readonly searchVariables: readonly string[];
  readonly forcedIncludes: readonly string[];
  /** Files named by options whose content is part of the key (sanitizer lists, rule sets, plug-ins …), as spelled. */
  readonly inputFiles: readonly string[];
  /** Undefined for a target that has no use for Microsoft's tools. */
  readonly toolFolders: readonly ToolFolder[] | undefined;
  /** What the user asked of include notes: they are replayed; ours are stripped. */
  readonly showIncludes: 'no' | 'all' | 'user';
  /** True when an output would tell that `/showIncludes` was added, so that a run of its own must list the headers. */
  readonly addedNotesShow: boolean;
  /** Undefined where nothing can be said to the compiler instead of the terminal that it would find. */
  readonly terminal: TerminalUse | undefined;
  /** True when the object carries line or path information for a debugger. */
  readonly debugInfo: boolean;
  /** True when an option leaves it to the compiler to find out for which processor it compiles. */
  readonly namesNativeProcessor: boolean;
  /** What `/D` and its like define, in order: `NAME`, `NAME=text` or `NAME(x)=text`. */
  readonly definitions: readonly string[];
}

export type Classification =
  | { readonly kind: 'cacheable'; readonly call: CompileCall }
  | {
      readonly kind: 'uncacheable';
      readonly reason: UncacheableReason;
      /** For CLCACHE_LOG: the option or word that decided it, and why. */
      readonly because: string;
      /** Words that would be no reason if this clang-cl ignored them: `ignoredWords` to ask for. */
      readonly doubtfulWords: readonly string[];
    };
