import { readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandLineHost, CompileCall } from '../commandline/compile-call.ts';
import { databaseOfLine, objectOfLine } from '../commandline/meaning/databases.ts';
import type { Config } from '../config/config.ts';
import { digestOfParts } from '../hash/digest.ts';
import { sizeAccounts } from '../statistics/size-accounts.ts';
import { layoutOf } from '../storage/local/layout.ts';
import { LearntFiles } from '../storage/local/learnt-files.ts';
import { isLink, realPath } from '../util/file-stat.ts';
import { foldCase, inFolder } from '../util/paths.ts';
import { databasesOfObjects, enterDatabase, type Ownership } from './databases.ts';
import { isForeign } from './foreign-files.ts';

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
  const made = call ? databasesOf(call) : [];
  const isCacheable = made.length > 0;
  if (databases === 'perObject') {
    const taken = made.find(isForeign);
    if (taken !== undefined) {
      return { kind: 'others', because: `${taken} is there and is no program database`, endpoint: undefined };
    }
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

/** The path of a file behind all links, also where nothing is there yet: a second name of a file is no second file. */
function behindLinks(path: string, links = MOST_LINKS): string {
  const { folder, name } = inFolder(path);
  try {
    const above = realPath(folder);
    const real = join(above, name);
    return isLink(real) && links > 0 ? behindLinks(resolve(above, readlinkSync(real)), links - 1) : real;
  } catch {
    return path;
  }
}
/** As many as Linux follows. */
const MOST_LINKS = 40;

function databasesOf({ jobs }: CompileCall): string[] {
  return jobs.flatMap(({ outputs }) =>
    outputs.filter(({ role }) => role === 'database').map(({ path }) => path),
  );
}
