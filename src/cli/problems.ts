/** Finds out what keeps clcache from doing what the settings say. `clcache -s` shows it. */
import { accessSync, closeSync, constants, lstatSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateCompiler } from '../compiler/identity/locate.ts';
import type { Config } from '../config/config.ts';
import { variableProblems } from '../config/variable-problems.ts';
import { reasonOf } from '../diagnostics/errors.ts';
import { type Layout, layoutOf } from '../storage/local/layout.ts';
import { hasRemotes } from '../storage/open-store.ts';
import { statIfThere } from '../util/file-stat.ts';
import { makeFolder } from '../util/make-folder.ts';
import { LinkedFolderError } from '../util/own-folder.ts';
import { temporarySibling } from '../util/random-name.ts';

/** One line for each problem with variables, the compiler, the log and the cache folder. Leaves no file behind. */
export function problemsOf(config: Config, self: string): readonly string[] {
  const { environment, style, log, cacheDirectory, baseDirectories } = config;
  return [
    ...variableProblems(environment, style),
    ...config.problems,
    ...baseDirectories
      .filter((folder) => !statIfThere(folder)?.isDirectory())
      .map((folder) => `CLCACHE_BASEDIR does not name a folder: '${folder}'`),
    ...compilerProblem(config, self),
    ...(config.remoteOnly && !hasRemotes(config)
      ? ['CLCACHE_REMOTE_ONLY does nothing where no store is named: the local folder is used']
      : []),
    ...(log.kind === 'file' ? logProblem(log.path) : []),
    ...folderProblem(layoutOf(cacheDirectory)),
  ];
}

/** A call of a build may name its compiler itself. */
function compilerProblem(config: Config, self: string): string[] {
  const { compiler: configured, environment, style, workingDirectory } = config;
  if (configured === undefined) return [];
  const located = locateCompiler({ arguments: [], configured, environment, style, workingDirectory, self });
  return located.kind === 'found'
    ? []
    : [`CLCACHE_CL names no compiler that is there: searched ${located.searched}`];
}

function logProblem(path: string): string[] {
  const found = statIfThere(path);
  const error = failureOf(() => {
    if (found?.isDirectory()) throw new Error(`'${path}' is a folder`);
    // Opening a pipe would wait for a reader.
    if (found && !found.isFile()) accessSync(path, constants.W_OK);
    else closeSync(openSync(path, 'a'));
    if (!found) unlinkSync(path);
  });
  return error === undefined ? [] : [`CLCACHE_LOG cannot be written: ${error}`];
}

/** The first folder of the cache that cannot be written, or the one above it if it cannot be made. */
function folderProblem({
  cacheDirectory,
  root,
  objects,
  manifests,
  statistics,
  compilers,
}: Layout): string[] {
  const error =
    failureOf(() => tryToWrite(cacheDirectory)) ??
    failureOf(() => {
      for (const folder of [root, objects, manifests, statistics.folder, compilers]) tryToWriteBelow(folder);
    });
  return error === undefined
    ? []
    : [`the folder of the cache cannot be written, so nothing is stored or counted: ${error}`];
}

/** Does what storing does: makes folders that are missing or are not folders, and follows no links. */
function tryToWriteBelow(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw new LinkedFolderError(folder);
  if (found?.isDirectory()) tryToWrite(folder);
}

function tryToWrite(folder: string): void {
  const made = makeFolder(folder);
  try {
    const file = temporarySibling(join(folder, 'written'));
    closeSync(openSync(file, 'wx'));
    unlinkSync(file);
  } catch (error) {
    throw new Error(`'${folder}': ${reasonOf(error)}`, { cause: error });
  } finally {
    if (made !== undefined) removeMade(folder, made);
  }
}

/** Removes a folder and those above it, up to the uppermost that was made. A folder that is in use by now stays. */
function removeMade(folder: string, first: string): void {
  try {
    for (let path = folder; ; path = dirname(path)) {
      rmdirSync(path);
      if (path === first) return;
    }
  } catch {
    // Another process has put something into it.
  }
}

function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
