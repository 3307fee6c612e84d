/**
 * Stores in Redis and compatible servers:
 *
 *     redis[s]://[user:password@]host[:port][/database]        one server
 *     redis+unix://[user:password@[localhost]]/socket          one server, at a Unix socket
 *     redis[s]-sentinel://[user:password@]host[:port],…/name   the master that sentinels name
 *     redis[s]-cluster://[user:password@]host[:port],…         servers that divide the keys
 *
 * `rediss` means TLS, with the certificate verified.
 */

import { asBuffer } from '../../../util/as-buffer.ts';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import {
  type Beat,
  type Remote,
  type RemoteKey,
  type StoreContext,
  UnexpectedAnswerError,
} from '../remote.ts';
import { DEFAULT_PREFIX, percentDecoded, type RedisScheme } from '../url-options.ts';
import { openCluster } from './cluster.ts';
import {
  connectRedis,
  mustBeOk,
  REDIS_PORT,
  type RedisConnection,
  type RedisLogin,
  type RedisServers,
} from './connection.ts';
import { connectToMaster } from './sentinel.ts';

type OpenRedisServers = (address: RemoteAddress, login: RedisLogin, beat: Beat) => Promise<RedisServers>;

const openOne: OpenRedisServers = async (address, login, beat) =>
  single(await connectRedis(hostAndPort(address.place, REDIS_PORT), withDatabase(address, login), beat));
const openMaster: OpenRedisServers = async (address, login, beat) =>
  single(await connectToMaster(address, login, beat));

const FORMS: Readonly<Record<RedisScheme, OpenRedisServers>> = {
  redis: openOne,
  rediss: openOne,
  'redis+unix': async (address, login, beat) =>
    single(await connectRedis({ path: percentDecoded(address.path) }, login, beat)),
  'redis-sentinel': openMaster,
  'rediss-sentinel': openMaster,
  'redis-cluster': openCluster,
  'rediss-cluster': openCluster,
};

/** Connects to the servers of a store. Rejects if that fails, or if there cannot be such a store. */
export async function openRedisRemote(
  address: RemoteAddress & { readonly scheme: RedisScheme },
  { style }: Pick<StoreContext, 'style'>,
  beat: Beat,
): Promise<Remote> {
  const { scheme, ttlSeconds, readOnly, options } = address;
  if (scheme === 'redis+unix' && style === 'win32')
    throw new Error('Unix sockets are not used on Windows: name host and port in a redis:// address');
  const login = { ...address, hasTls: scheme.startsWith('rediss'), database: options.db };
  const servers = await FORMS[scheme](address, login, beat);
  const nameOf = (key: RemoteKey) => `${options.prefix ?? DEFAULT_PREFIX}${key}`;
  /** Not waited for. A server that refuses it, as one that may only be read, still serves. */
  const refresh = (connection: RedisConnection, name: string) => {
    if (ttlSeconds > 0 && !readOnly)
      connection.ask(0, (client) => client.expire(name, ttlSeconds)).catch(() => {});
  };

  return {
    get: (key, maximumSize) =>
      servers.on(nameOf(key), async (connection) => {
        const value = await connection.ask(maximumSize, (client) => client.getBuffer(nameOf(key)));
        if (value === null) return undefined;
        if (!(value instanceof Uint8Array))
          throw new UnexpectedAnswerError(`GET was answered with a ${typeof value}`);
        refresh(connection, nameOf(key));
        return value;
      }),
    put: (key, bytes) =>
      servers.on(nameOf(key), async (connection) => {
        const value = asBuffer(bytes);
        const lifetime = ttlSeconds > 0 ? (['EX', ttlSeconds] as const) : [];
        mustBeOk(
          'SET',
          await connection.ask(0, (client) => client.call('SET', nameOf(key), value, ...lifetime)),
        );
      }),
    holds: (key, size) =>
      servers.on(nameOf(key), async (connection) => {
        const isThere = (await connection.ask(0, (client) => client.strlen(nameOf(key)))) === size;
        if (isThere) refresh(connection, nameOf(key));
        return isThere;
      }),
    remove: (key) =>
      servers.on(nameOf(key), async (connection) => {
        await connection.ask(0, (client) => client.del(nameOf(key)));
      }),
    isGone: () => servers.isGone,
    close: () => servers.close(),
  };
}

function single(connection: RedisConnection): RedisServers {
  return {
    on: (_key, run) => run(connection),
    get isGone() {
      return connection.isGone;
    },
    close: () => connection.close(),
  };
}

function withDatabase({ path, options }: RemoteAddress, login: RedisLogin): RedisLogin {
  if (path.length <= 1) return login;
  const database = /^\/(\d+)\/?$/.exec(path)?.[1];
  if (database === undefined) throw new Error('the text after the host is not the number of a database');
  if (options.db !== undefined) throw new Error('its database is named twice');
  return { ...login, database };
}
