import type { Stats } from 'node:fs';
import type { CompileCall } from '../commandline/compile-call.ts';
import type { Config } from '../config/config.ts';
import { statIfThere } from '../util/file-stat.ts';
import { absoluteFile, pathRules } from '../util/paths.ts';

/** Where files are that mean another thing to each process. */
const OF_A_PROCESS = /^\/(?:dev|proc)\//;

/**
 * What the call names and is no ordinary file, if anything: a pipe gives its contents once, and to one reader; a device
 * may have no end; `/dev/fd/3` is another file to another process. The compiler must be the first to read it.
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

function isNoFile(stat: Stats | undefined): boolean {
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
