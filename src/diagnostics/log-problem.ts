import { accessSync, closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { failureOf } from '../util/failure.ts';
import { statIfThere } from '../util/file-stat.ts';

/** Why lines cannot be added to a log file. Undefined if they can. Leaves no file behind. */
export function logProblem(path: string): string | undefined {
  const found = statIfThere(path);
  const error = failureOf(() => {
    if (found?.isDirectory()) throw new Error(`'${path}' is a folder`);
    // Opening a pipe would wait for a reader.
    if (found && !found.isFile()) accessSync(path, constants.W_OK);
    else closeSync(openSync(path, 'a'));
    if (!found) unlinkSync(path);
  });
  return error === undefined ? undefined : `CLCACHE_LOG cannot be written: ${error}`;
}
