/** Finds the files whose contents options make part of the compile. */
import { absoluteFile, pathRules } from '../../util/paths.ts';
import type { CommandLineHost } from '../compile-call.ts';
import type { OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';

/** The file that clang reads if the value of one of these is a folder (`addPGOAndCoverageFlags` in its `Clang.cpp`). */
const PROFILES: ReadonlySet<string> = new Set(['fprofile-use=', 'fprofile-instr-use=']);
const DEFAULT_PROFILE = 'default.profdata';

/** The files that options name, as spelled. */
export function inputFilesOf(options: LineOptions, host: CommandLineHost): string[] {
  return options.of('inputFile').map((item) => inputFileOf(item, host));
}

/** The file that an option of this kind makes the compiler read. */
export function inputFileOf({ row, value }: OptionItem, host: CommandLineHost): string {
  const { style, workingDirectory, folderExists } = host;
  const isFolder = PROFILES.has(row.name) && folderExists(absoluteFile(style, workingDirectory, value));
  return isFolder ? pathRules(style).join(value, DEFAULT_PROFILE) : value;
}
