import type { EnvironmentPart } from '../commandline/compile-call.ts';
import { ALL_FAMILIES, type CompilerFamily } from '../commandline/family.ts';
import { type Environment, environmentValue, withoutVariables } from '../util/environment.ts';
import { statIfThere } from '../util/file-stat.ts';

/** A variable that can change what a compiler writes. */
interface VariableRow {
  readonly name: string;
  readonly families: readonly CompilerFamily[];
  /** A list of folders. It is made portable in a key, and left out of a key made from preprocessed text. */
  readonly isFolderList?: true;
}

const CLANG: readonly CompilerFamily[] = ['clang-cl'];

/**
 * Without INCLUDE and the like: the command line says which of them count (`/X`, `/external:env`). LIB is the linker's.
 * LIBPATH counts for `#using` only, which is not cached. `CL` and `_CL_` are part of the arguments.
 */
const VARIABLES: readonly VariableRow[] = [
  { name: 'SOURCE_DATE_EPOCH', families: ALL_FAMILIES },
  { name: 'VSLANG', families: ALL_FAMILIES },
  { name: 'CPATH', families: CLANG, isFolderList: true },
  { name: 'C_INCLUDE_PATH', families: CLANG, isFolderList: true },
  { name: 'CPLUS_INCLUDE_PATH', families: CLANG, isFolderList: true },
  { name: 'OBJC_INCLUDE_PATH', families: CLANG, isFolderList: true },
  { name: 'OBJCPLUS_INCLUDE_PATH', families: CLANG, isFolderList: true },
  // clang takes from these the version that it claims to be compatible with, and its folders if INCLUDE is not set.
  { name: 'VCToolsVersion', families: CLANG },
  { name: 'VCToolsInstallDir', families: CLANG },
  { name: 'VCINSTALLDIR', families: CLANG },
  { name: 'WindowsSdkDir', families: CLANG },
  { name: 'WindowsSDKVersion', families: CLANG },
  { name: 'UCRTVersion', families: CLANG },
  { name: 'UniversalCRTSdkDir', families: CLANG },
  // Where clang finds its parts, and what it calls itself in bitcode.
  { name: 'COMPILER_PATH', families: CLANG },
  { name: 'GCC_EXEC_PREFIX', families: CLANG },
  { name: 'CLANG_NO_DEFAULT_CONFIG', families: CLANG },
  { name: 'LLVM_OVERRIDE_PRODUCER', families: CLANG },
  { name: 'SDKROOT', families: CLANG },
  { name: 'MACOSX_DEPLOYMENT_TARGET', families: CLANG },
  { name: 'IPHONEOS_DEPLOYMENT_TARGET', families: CLANG },
  { name: 'TVOS_DEPLOYMENT_TARGET', families: CLANG },
  { name: 'WATCHOS_DEPLOYMENT_TARGET', families: CLANG },
];

/**
 * Variables that change clang's command line, or make a compiler write reports that a hit would not write. cl sends each
 * message to the pipe of SARIF_OUTPUT_PIPE as well ("Structured SARIF Diagnostics"), whose reader knows this call only.
 */
const NOT_CACHED = [
  'SARIF_OUTPUT_PIPE',
  'CCC_OVERRIDE_OPTIONS',
  'CCC_ADD_ARGS',
  'QA_OVERRIDE_GCC3_OPTIONS',
  'AS_SECURE_LOG_FILE',
  'FORCE_CLANG_DIAGNOSTICS_CRASH',
  'CC_PRINT_OPTIONS',
  'CC_PRINT_HEADERS',
  'CC_LOG_DIAGNOSTICS',
  'CC_PRINT_PROC_STAT',
  'CC_PRINT_INTERNAL_STAT',
  'DEPENDENCIES_OUTPUT',
  'SUNPRO_DEPENDENCIES',
];

/**
 * The variables that belong to the key of this compiler's calls. `searchVariables` are those that the command line
 * named.
 */
export function environmentParts(
  environment: Environment,
  style: 'win32' | 'posix',
  {
    family,
    searchVariables,
  }: { readonly family: CompilerFamily; readonly searchVariables: readonly string[] },
): EnvironmentPart[] {
  const parts: EnvironmentPart[] = [];
  for (const name of searchVariables) {
    parts.push({ name, value: environmentValue(environment, style, name) ?? '', isFolderList: true });
  }
  for (const row of VARIABLES) {
    const value = row.families.includes(family) ? environmentValue(environment, style, row.name) : undefined;
    if (value) parts.push({ name: row.name, value, isFolderList: row.isFolderList ?? false });
  }
  return parts;
}

/**
 * clang takes `PWD` for the name of the working folder if it leads there, for example through a symbolic link, and
 * writes it into debug information.
 */
export function otherNameOfFolder(environment: Environment, workingDirectory: string): EnvironmentPart[] {
  const value = environment['PWD'];
  if (!value?.startsWith('/') || value === workingDirectory) return [];
  const [named, actual] = [statIfThere(value), statIfThere(workingDirectory)];
  const isSame = named && actual && named.ino === actual.ino && named.dev === actual.dev;
  return isSame ? [{ name: 'PWD', value, isFolderList: false }] : [];
}

/** A variable that makes the compiler do something that its command line does not say. */
export function uncacheableVariable(environment: Environment, style: 'win32' | 'posix'): string | undefined {
  return NOT_CACHED.find((name) => environmentValue(environment, style, name) !== undefined);
}

/**
 * The environment for the compiler, without the variables that are part of its arguments. Without VS_UNICODE_OUTPUT,
 * too: it makes cl bypass the streams that clcache reads (clcache issue 192).
 */
export function compilerEnvironment(
  environment: Environment,
  style: 'win32' | 'posix',
  foldedVariables: readonly string[],
): Environment {
  return withoutVariables(environment, style, ['VS_UNICODE_OUTPUT', ...foldedVariables]);
}

/** The same for a question. What the compiler says of it does not belong in the pipe that shows messages to the user. */
export function askingEnvironment(
  environment: Environment,
  style: 'win32' | 'posix',
  foldedVariables: readonly string[] = [],
): Environment {
  return compilerEnvironment(environment, style, ['SARIF_OUTPUT_PIPE', ...foldedVariables]);
}
