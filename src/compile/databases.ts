/**
 * Program databases that are kept with their objects (CLCACHE_PDB). Loaded for calls that make one.
 *
 * Where a build names its databases (`own`), a file in the cache folder says for each of them whose it is:
 *
 *     { "object": "<path>", "endpoint"?: "<name>", "signature"?: "<of the database>", "isShared"?: true }
 *
 * The first object that names a database owns it. As soon as another one names it as well, it is shared for good, and
 * its calls are handed on. All of them then use one server (mspdbsrv), because two servers cannot write one database.
 */
import { signatureOf } from '../files/signature.ts';
import { randomDigits } from '../runtime/random.ts';
import type { LearntFiles } from '../storage/local/learnt-files.ts';
import { type Environment, withoutVariables } from '../util/environment.ts';
import { isLink, statIfThere } from '../util/file-stat.ts';
import { isJsonObject, parseJson, stableStringify } from '../util/json.ts';

/** The variable that names the server of a compile. MSBuildCache sets it as well, to keep servers apart. */
const ENDPOINT = '_MSPDBSRV_ENDPOINT_';
const MAXIMUM_SIZE = 64 * 1024;

/** The databases of a call that are kept. */
export interface OwnDatabases {
  /** The name of a server that nobody else uses. */
  readonly endpoint: string;
  /** True if no other object has named the database meanwhile. */
  isStillOwn(): boolean;
  /** Remembers the database as it is now, so that the next call knows that nobody has added to it. */
  remember(): Promise<void>;
}

/** Whose a database is, for one of its objects. */
export type Ownership =
  | { readonly kind: 'own'; readonly databases: OwnDatabases }
  | {
      readonly kind: 'others';
      readonly because: string;
      /** The server that has the database. Undefined for the usual one. */
      readonly endpoint: string | undefined;
    };

/** A compile that makes a database. */
export interface DatabaseUse {
  readonly database: string;
  /** The name of what is remembered of the database, the same for all its spellings. */
  readonly name: string;
  /** In one spelling. Undefined if there are several. */
  readonly object: string | undefined;
  /** False for a call that is handed on in any case. */
  readonly isCacheable: boolean;
}

interface Owner {
  readonly object: string;
  readonly endpoint?: string;
  readonly signature?: string;
  readonly isShared?: true;
}

/** The environment of a compiler that uses this server. */
export function withEndpoint(environment: Environment, endpoint: string | undefined): Environment {
  if (endpoint === undefined) return environment;
  // The variable is one of Windows, where case does not matter.
  return { ...withoutVariables(environment, 'win32', [ENDPOINT]), [ENDPOINT]: endpoint };
}

/** Databases that have the names of their objects: nobody else's name is theirs. */
export function databasesOfObjects(): OwnDatabases {
  return { endpoint: freshName(), isStillOwn: () => true, remember: async () => {} };
}

/** Enters a compile as a user of its database. Throws system errors and a `LockTimeoutError`. */
export async function enterDatabase(use: DatabaseUse, files: LearntFiles): Promise<Ownership> {
  const { database, name, object, isCacheable } = use;
  const endpoint = freshName();
  let ownership: Ownership | undefined;
  await files.change(name, MAXIMUM_SIZE, (text) => {
    const owner = ownerIn(text);
    const others = (because: string, next: Owner) => {
      ownership = { kind: 'others', because, endpoint: next.endpoint };
      return stableStringify(next);
    };
    if (owner?.isShared || object === undefined || (owner && owner.object !== object)) {
      const known = owner ?? { object: '' };
      return others(`${database} belongs to several objects`, { ...known, isShared: true });
    }
    if (isLink(database)) return others(`${database} is a link`, { ...owner, object });
    if (!isCacheable) return others(`${database} is written by a call that is not cached`, { object });
    const signature = signatureAt(database);
    if (signature !== undefined && signature !== owner?.signature) {
      return others(`${database} was there before, and others may use it`, { object });
    }
    ownership = { kind: 'own', databases: ownDatabase(use, files, endpoint) };
    return stableStringify({ object, endpoint });
  });
  if (!ownership) throw new Error('the owner of a database was not asked for');
  return ownership;
}

function ownDatabase({ database, name }: DatabaseUse, files: LearntFiles, endpoint: string): OwnDatabases {
  const isOurs = (owner: Owner | undefined) => owner?.endpoint === endpoint && !owner.isShared;
  return {
    endpoint,
    isStillOwn: () => isOurs(ownerIn(files.read(name, MAXIMUM_SIZE))),
    remember: () =>
      files.change(name, MAXIMUM_SIZE, (text = '') => {
        const owner = ownerIn(text);
        const signature = signatureAt(database);
        if (!owner || !isOurs(owner) || signature === undefined) return text;
        return stableStringify({ ...owner, signature });
      }),
  };
}

function signatureAt(path: string): string | undefined {
  const stat = statIfThere(path);
  return stat && signatureOf(stat);
}

/** A file that somebody else wrote may have any shape. Then nothing is known of the owner. */
function ownerIn(text: string | undefined): Owner | undefined {
  const json = text === undefined ? undefined : parseJson(text);
  if (!isJsonObject(json) || typeof json['object'] !== 'string') return undefined;
  const { object, endpoint, signature, isShared } = json;
  return {
    object,
    ...(typeof endpoint === 'string' && { endpoint }),
    ...(typeof signature === 'string' && { signature }),
    ...(isShared === true && { isShared }),
  };
}

function freshName(): string {
  return `clcache-${randomDigits()}`;
}
