/**
 * The two families of compilers, and all facts in which they differ, besides their options (`options/`) and the
 * names of their outputs (`meaning/outputs-*.ts`). Whoever depends on such a fact asks for it by name, and not for the family.
 * Facts of cl are those of Microsoft's pages, and of cl 19.51 where a comment says so. Facts of clang-cl were tried with
 * clang-cl 14, and read in clang's source where a comment names it.
 */
import type { ScanOptions } from '../source/scan.ts';
import { CL_SUFFIXES, CLANG_CL_SUFFIXES, type SuffixFacts } from './languages.ts';

export interface FamilyFacts extends SuffixFacts, ScanOptions {
  // How a line is read.
  /**
   * Characters that are a blank for some compilers or versions only. In its files and variables cl takes a form feed for
   * a blank (clang-cl does not), and nobody agrees about a vertical tab.
   */
  readonly unclearBlanks: RegExp;
  /** Whether an argument without its last quote may be dropped. clang-cl 14 does so. The C runtime reads to the end. */
  readonly mayDropUnterminated: boolean;
  /**
   * Where `#` in `CL` and `_CL_` means `=`: in definitions ("CL environment variables"), or once in every word
   * (`getCLEnvVarOptions` in clang's `driver.cpp`).
   */
  readonly hashInVariables: 'inDefinitions' | 'inEveryWord';
  /** Whether `@file` in `CL` and `_CL_` is expanded (cl 19.51). clang-cl takes it for a source. */
  readonly expandsFilesInVariables: boolean;
  /**
   * Whether `@file` is expanded before options are read. If not, `@x` after an option that takes a value is that value
   * (Geoff Chappell's notes on cl 13).
   */
  readonly expandsFilesFirst: boolean;
  /** Whether `--` ends the options (clang's `Options.td`). cl 19.51 does not know it (D9002). */
  readonly hasOptionsEnd: boolean;
  /** Names whose values are options of their own in one word: `/O2b1y-`, `/Zip8`, `/EHs-c-`, `/RTCsu`. */
  readonly optionClusters: readonly string[];
  /** Whether a word with a slash that begins like no option is a file name on every system. cl ignores it (D9002). */
  readonly takesUnknownSlashForPath: boolean;
  /**
   * Whether a value may look like an option. cl says that the value is missing, except for files and folders (Geoff
   * Chappell's notes on cl 13).
   */
  readonly takesOptionForValue: boolean;
  /** Whether the last of `/TC` and `/TP` counts. What cl makes of both is not documented. */
  readonly takesLastLanguage: boolean;
  /** Whether it tells in a dry run (`-###`) which unknown words it ignores with a warning. */
  readonly saysWhatItIgnores: boolean;

  // What its output shows of the line.
  /** Whether warnings repeat an option as it was written: `/x` or `-x`, its value attached or not. */
  readonly repeatsOptionsAsWritten: boolean;
  /** Whether it warns that it does not use `/MP`, so that the option is part of the output. */
  readonly warnsOfParallel: boolean;
  /** Whether it warns that it does not use `/external:env`, which it does for a target that is not Windows. */
  readonly warnsOfSearchVariables: boolean;
  /** Whether it warns about each `/Fo` that a later one overrides (D9025). */
  readonly warnsOfOverriddenObjects: boolean;
  /** Whether it writes the name of `/Fd` into an object with debug information. */
  readonly writesDatabaseName: boolean;
  /** Whether every output may hold its own name. Of clang-cl it is known which ones do. */
  readonly mayWriteNamesOfOutputs: boolean;
  /**
   * Whether it writes an object beside its place and renames it, so that a link there is replaced. cl writes into the file
   * that is there (clcache issue 282).
   */
  readonly replacesObjects: boolean;
  /** Whether it may make relative names absolute. What cl makes of them is not documented: `/FC`, `/ZI` and others do. */
  readonly mayMakeNamesAbsolute: boolean;
  /** Signs that a name in an object may contain a hash of a path, or be one as a whole, in Microsoft's naming. */
  readonly hashedNames: readonly string[];

  // What it prints.
  /** Whether include notes are English in every language, and list every header. cl's language is its user's. */
  readonly notesAreEnglish: boolean;
  /** Whether a preprocessor beside it can list the headers, so that `/showIncludes` need not be added. */
  readonly canListHeadersApart: boolean;
  /** Whether it has colours and looks for a terminal (`RenderDiagnosticsOptions` in clang's `Clang.cpp`). */
  readonly looksAtTerminal: boolean;
  /** Whether all of stderr comes from the driver: its banner, and warnings about options. */
  readonly keepsStderrForDriver: boolean;
  /** The stream for its version. Meson looks for cl's on stderr, and for clang's on stdout. */
  readonly versionStream: 'stdout' | 'stderr';

  // What it does besides.
  /** Whether `-###` prints what the driver would start. For cl the option is unknown (D9002), and no source is given (D8003). */
  readonly printsWhatItStarts: boolean;
  /** Whether no further source is compiled after one that failed (`Compilation::ExecuteJobs` in clang's `Compilation.cpp`). */
  readonly endsAtFirstFailure: boolean;
  /** Variables that name search folders for every target, besides INCLUDE. clang reads them with `/X` as well. */
  readonly searchVariables: readonly string[];
  /**
   * Whether a precompiled header holds size and time of every file that it was made from, and refuses itself if they
   * differ, so that it is known when it may be used (clang's `ASTReader::getInputFile`).
   */
  readonly datesPrecompiledHeaders: boolean;
  /** Whether it has search folders besides those of options and variables. It prints them if asked (`-v`). */
  readonly hasOwnSearchFolders: boolean;
  /**
   * Whether it warns if Microsoft's rules for quoted names, which search the folders of all including files, find another
   * header than its own rules would (`-Wmicrosoft-include`).
   */
  readonly warnsOfMicrosoftSearch: boolean;
  /** Whether it looks for an installed Visual Studio by itself (clang's `MSVC.cpp`). cl is part of one. */
  readonly findsMicrosoftTools: boolean;
  /** Whether every target is Windows. */
  readonly isForWindowsOnly: boolean;
}

export const FAMILIES = {
  cl: {
    ...CL_SUFFIXES,
    unclearBlanks: /\v/,
    mayDropUnterminated: false,
    hashInVariables: 'inDefinitions',
    expandsFilesInVariables: true,
    expandsFilesFirst: false,
    hasOptionsEnd: false,
    optionClusters: ['O', 'G', 'Z', 'EH', 'RTC', 'Zc:'],
    takesUnknownSlashForPath: false,
    takesOptionForValue: false,
    takesLastLanguage: false,
    saysWhatItIgnores: false,
    repeatsOptionsAsWritten: false,
    warnsOfParallel: false,
    warnsOfSearchVariables: false,
    warnsOfOverriddenObjects: true,
    writesDatabaseName: true,
    mayWriteNamesOfOutputs: true,
    replacesObjects: false,
    mayMakeNamesAbsolute: true,
    hashedNames: ['?A0x', '??@', '<lambda_'],
    notesAreEnglish: false,
    canListHeadersApart: false,
    looksAtTerminal: false,
    keepsStderrForDriver: true,
    versionStream: 'stderr',
    printsWhatItStarts: false,
    endsAtFirstFailure: false,
    searchVariables: [],
    datesPrecompiledHeaders: false,
    hasOwnSearchFolders: false,
    warnsOfMicrosoftSearch: false,
    findsMicrosoftTools: false,
    isForWindowsOnly: true,
    importReadsTypeLibraries: true,
    takesHashForEqualsSign: true,
    readsLooseText: true,
  },
  'clang-cl': {
    ...CLANG_CL_SUFFIXES,
    unclearBlanks: /[\v\f]/,
    mayDropUnterminated: true,
    hashInVariables: 'inEveryWord',
    expandsFilesInVariables: false,
    expandsFilesFirst: true,
    hasOptionsEnd: true,
    optionClusters: [],
    takesUnknownSlashForPath: true,
    takesOptionForValue: true,
    takesLastLanguage: true,
    saysWhatItIgnores: true,
    repeatsOptionsAsWritten: true,
    warnsOfParallel: true,
    warnsOfSearchVariables: true,
    warnsOfOverriddenObjects: false,
    writesDatabaseName: false,
    mayWriteNamesOfOutputs: false,
    replacesObjects: true,
    mayMakeNamesAbsolute: false,
    hashedNames: ['?A0x', '??@'],
    notesAreEnglish: true,
    canListHeadersApart: true,
    looksAtTerminal: true,
    keepsStderrForDriver: false,
    versionStream: 'stdout',
    printsWhatItStarts: true,
    endsAtFirstFailure: true,
    searchVariables: ['CPATH', 'C_INCLUDE_PATH', 'CPLUS_INCLUDE_PATH'],
    datesPrecompiledHeaders: true,
    hasOwnSearchFolders: true,
    warnsOfMicrosoftSearch: true,
    findsMicrosoftTools: true,
    isForWindowsOnly: false,
    importReadsTypeLibraries: false,
    takesHashForEqualsSign: false,
    readsLooseText: false,
  },
} as const satisfies Record<string, FamilyFacts>;

/** A renamed program is recognised by its output, not by its name (`compiler/identity/program-kind.ts`). */
export type CompilerFamily = keyof typeof FAMILIES;

export const ALL_FAMILIES = Object.keys(FAMILIES) as readonly CompilerFamily[];

export function isFamily(name: string): name is CompilerFamily {
  return Object.hasOwn(FAMILIES, name);
}

/** The facts of a compiler. */
export function factsOf({ family }: { readonly family: CompilerFamily }): FamilyFacts {
  return FAMILIES[family];
}
