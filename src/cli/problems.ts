/** Finds out what keeps clcache from doing what the settings say. `clcache -s` shows it. */
import { accessSync, closeSync, constants, lstatSync, openSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { variableProblems } from '../config/variable-problems.ts';
import { type Layout, layoutOf } from '../storage/local/layout.ts';
import { statIfThere } from '../util/file-stat.ts';
import { LinkedFolderError } from '../util/own-folder.ts';
import { temporarySibling } from '../util/random-name.ts';

/** One line for each problem with variables, the log and the cache folder. Leaves no file behind. */
export function problemsOf(config: Config): readonly string[] {
  const { environment, style, log, cacheDirectory, baseDirectories } = config;
  return [
    ...variableProblems(environment, style),
    ...config.problems,
    ...baseDirectories
      .filter((folder) => !statIfThere(folder)?.isDirectory())
      .map((folder) => `CLCACHE_BASEDIR names what is no folder: '${folder}'`),
    ...(log.kind === 'file' ? logProblem(log.path) : []),
    ...folderProblem(layoutOf(cacheDirectory)),
  ];
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
      for (const folder of [root, objects, manifests, statistics, compilers]) tryToWriteBelow(folder);
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
  if (statIfThere(folder) === undefined) {
    mustBeWritable(firstThereAbove(folder));
    return;
  }
  const file = temporarySibling(join(folder, 'written'));
  closeSync(openSync(file, 'wx'));
  unlinkSync(file);
}

/** A missing folder can be made if the next existing one above it can be written. */
function mustBeWritable(folder: string): void {
  if (!statIfThere(folder)?.isDirectory()) throw new Error(`'${folder}' is no folder`);
  accessSync(folder, constants.W_OK);
}

function firstThereAbove(path: string): string {
  const above = dirname(path);
  return above === path || statIfThere(above) !== undefined ? above : firstThereAbove(above);
}

function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
