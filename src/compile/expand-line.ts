import type { CommandLineHost } from '../commandline/compile-call.ts';
import { type CommandLineExpansion, expandCommandLine } from '../commandline/read/environment.ts';
import type { CompilerRecord } from '../compiler/identity/compiler-record.ts';
import type { Config } from '../config/config.ts';
import { tracked } from '../runtime/file-tracking.ts';
import { environmentValue } from '../util/environment.ts';
import { readFileIfThere, statIfThere } from '../util/file-stat.ts';
import { absoluteFile } from '../util/paths.ts';

/** What reading a command line must know of the compiler and of the files here. */
export function hostOf(
  config: Pick<Config, 'style' | 'workingDirectory'> &
    Partial<Pick<Config, 'safeOptions' | 'databases' | 'precompiledHeaders'>>,
  {
    family,
    clangVersion,
    namedTarget,
  }: Pick<CommandLineHost, 'family'> & Pick<CompilerRecord, 'clangVersion' | 'namedTarget'>,
): CommandLineHost {
  const { style, workingDirectory, safeOptions, databases, precompiledHeaders = false } = config;
  const look = (path: string) => statIfThere(absoluteFile(style, workingDirectory, path));
  return {
    family,
    clangVersion,
    ...(namedTarget !== undefined && { namedTarget }),
    style,
    workingDirectory,
    ...(safeOptions && { safeOptions }),
    ...(databases && { databases }),
    precompiledHeaders,
    fileExists: (path) => look(path)?.isFile() ?? false,
    folderExists: (path) => look(path)?.isDirectory() ?? false,
  };
}

/** The variables that cl and clang-cl put around the arguments. */
export function lineVariables({ environment, style }: Pick<Config, 'environment' | 'style'>): {
  readonly CL: string | undefined;
  readonly _CL_: string | undefined;
} {
  return {
    CL: environmentValue(environment, style, 'CL'),
    _CL_: environmentValue(environment, style, '_CL_'),
  };
}

/** A line as the compiler sees it, with those variables and response files read. */
export function expandLine(
  args: readonly string[],
  config: Pick<Config, 'environment' | 'style'>,
  host: CommandLineHost,
): CommandLineExpansion {
  return expandCommandLine(args, lineVariables(config), {
    host,
    readFile: (path) => tracked(() => readFileIfThere(path)),
  });
}
