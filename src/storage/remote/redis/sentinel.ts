/**
 * Finds the master of servers that Redis Sentinel watches, as its "Guidelines for Redis clients" say: ask the first
 * sentinel that answers, and let the server say that it is the master. The library's own connector would neither check
 * incoming data nor know clcache's time limits.
 */
import { hostAndPort, type RemoteAddress } from '../address.ts';
import type { Destination } from '../dial.ts';
import { type Beat, RefusedError, UnexpectedAnswerError } from '../remote.ts';
import { percentDecoded } from '../url-options.ts';
import { connectRedis, type RedisConnection, type RedisLogin } from './connection.ts';

const SENTINEL_PORT = 26_379;
/** In bytes. A master says which replicas it has. */
const ROLE_LIMIT = 64 * 1024;

/**
 * Connects to the master that the sentinels of an address name. Each sentinel is asked until one of them names a server
 * that is the master. Rejects with the last failure if none does.
 */
export async function connectToMaster(
  address: RemoteAddress,
  login: RedisLogin,
  beat: Beat,
): Promise<RedisConnection> {
  const name = percentDecoded(address.path.slice(1).replace(/\/$/, ''));
  let failure: unknown;
  for (const place of address.place.split(',')) {
    let connection: RedisConnection | undefined;
    try {
      const sentinel = await connectRedis(
        hostAndPort(place, SENTINEL_PORT),
        ofSentinel(address, login),
        beat,
      );
      const master = await masterNamed(name, sentinel).finally(() => sentinel.close());
      connection = await connectRedis(master, login, beat);
      const role = await connection.ask(ROLE_LIMIT, (client) => client.role(), 'list');
      if (Array.isArray(role) && role[0] === 'master') return connection;
      failure = new RefusedError('the server that the sentinel names is not the master');
    } catch (error) {
      failure = error;
    }
    connection?.close();
  }
  throw failure;
}

/** Sentinels have users and passwords of their own, and no databases. */
function ofSentinel({ options }: RemoteAddress, { connectTimeoutMs, hasTls }: RedisLogin): RedisLogin {
  const { 'sentinel-user': user, 'sentinel-password': password } = options;
  return {
    connectTimeoutMs,
    hasTls,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  };
}

async function masterNamed(name: string, sentinel: RedisConnection): Promise<Destination> {
  const answer = await sentinel.ask(
    0,
    (client) => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
    'list',
  );
  if (answer === null) throw new RefusedError(`the sentinel knows no master named ${name}`);
  const [host, port] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (typeof host !== 'string' || !/^[1-9]\d{0,4}$/.test(String(port)) || Number(port) > 65_535)
    throw new UnexpectedAnswerError('the sentinel named no host and port');
  return { host, port: Number(port) };
}
