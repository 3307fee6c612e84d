import { join } from 'node:path';
import type { CommandLineHost, CompileCall } from '../commandline/compile-call.ts';
import { databaseOfLine, objectOfLine } from '../commandline/meaning/databases.ts';
import type { Config } from '../config/config.ts';
import { digestOfParts } from '../hash/digest.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { LearntFiles } from '../storage/local/learnt-files.ts';
import { realPath } from '../util/file-stat.ts';
import { foldCase, inFolder } from '../util/paths.ts';
import { databasesOfObjects, enterDatabase, type Ownership } from './databases.ts';

type Settings = Pick<Config, 'cacheDirectory' | 'lockTimeoutMs' | 'databases'>;

/**
 * Whose the program database of a call is. `call` is undefined for one that is not cached, which counts as a user all the
 * same. Undefined if the call makes no database, or none that could be kept. Throws system errors and a
 * `LockTimeoutError`.
 */
export async function ownershipOf(
  call: CompileCall | undefined,
  { args, host }: { readonly args: readonly string[]; readonly host: CommandLineHost },
  { cacheDirectory, lockTimeoutMs, databases }: Settings,
): Promise<Ownership | undefined> {
  const isCacheable = call !== undefined && hasDatabase(call);
  if (databases === 'perObject') {
    return isCacheable ? { kind: 'own', databases: databasesOfObjects() } : undefined;
  }
  const database = databaseOfLine(args, host);
  if (database === undefined) return undefined;
  const { databases: folder, statistics } = layoutOf(cacheDirectory);
  const files = new LearntFiles(folder, sizeAccounts(statistics, lockTimeoutMs));
  const object = objectOfLine(args, host);
  const oneSpelling = (path: string) => foldCase(host.style, behindLinks(path));
  const name = digestOfParts(['database', oneSpelling(database)]);
  return enterDatabase({ database, name, object: object && oneSpelling(object), isCacheable }, files);
}

/** The path of a file, with the links on the way to its folder resolved: a second name of a folder is no second file. */
function behindLinks(path: string): string {
  const { folder, name } = inFolder(path);
  try {
    return join(realPath(folder), name);
  } catch {
    return path;
  }
}

function hasDatabase({ jobs }: CompileCall): boolean {
  return jobs.some(({ outputs }) => outputs.some(({ role }) => role === 'database'));
}
