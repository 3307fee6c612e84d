import type { Stats } from 'node:fs';
import type { CompileCall } from '../commandline/compile-call.ts';
import type { Config } from '../config/config.ts';
import { environmentValue } from '../util/environment.ts';
import { statIfThere } from '../util/file-stat.ts';
import { absoluteFile, pathRules } from '../util/paths.ts';

/** Folders whose files differ from process to process. */
const OF_A_PROCESS = /^\/(?:dev|proc)\//;

/**
 * An input of the call that is not an ordinary file, if there is one. A pipe gives its contents to its first reader
 * only. A device may have no end. `/dev/fd/3` is another file in another process. The compiler must be the first to
 * read it.
 */
export function specialInput(
  call: CompileCall,
  config: Pick<Config, 'style' | 'workingDirectory'>,
): string | undefined {
  const { style, workingDirectory } = config;
  const isSpecial = (path: string) =>
    (style === 'posix' && OF_A_PROCESS.test(pathRules(style).normalize(path))) || isNoFile(statIfThere(path));
  const absolute = (path: string) => absoluteFile(style, workingDirectory, path);
  const special = call.jobs.map(({ source }) => absolute(source)).find(isSpecial);
  if (special !== undefined || call.forcedIncludes.length === 0) return special;
  const folders = [workingDirectory, ...call.searchDirectories.map(({ path }) => absolute(path))];
  return call.forcedIncludes
    .flatMap((name) => folders.map((folder) => absoluteFile(style, folder, name)))
    .find(isSpecial);
}

/**
 * A source or a search folder of which include notes do not show the name for certain, if there is one: a note is one
 * line, and blanks before a name show its depth.
 */
export function pathUnfitForNotes(
  call: CompileCall,
  { environment, style, workingDirectory }: Pick<Config, 'environment' | 'style' | 'workingDirectory'>,
): string | undefined {
  const fromVariables = call.searchVariables.map((name) => environmentValue(environment, style, name) ?? '');
  const paths = [
    workingDirectory,
    ...call.jobs.map(({ source }) => source),
    ...call.searchDirectories.map(({ path }) => path),
    ...call.forcedIncludes,
  ];
  return [...paths, ...fromVariables].find((path) => /[\r\n]|^\s/.test(path));
}

function isNoFile(stat: Stats | undefined): boolean {
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
