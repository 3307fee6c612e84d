/**
 * A Redis Cluster: servers that divide the keys by slots ("Redis Cluster specification"). ioredis has a client for it, but
 * a server that answers CLUSTER SLOTS with nothing makes that client throw where nobody can catch it, which ends the whole
 * process. So only the slot of a key comes from the library, and each server is a checked connection of its own.
 */
import { Command } from 'ioredis';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import type { Destination } from '../dial.ts';
import { type Beat, RefusedError, UnexpectedAnswerError } from '../remote.ts';
import {
  connectRedis,
  REDIS_PORT,
  type RedisConnection,
  type RedisLogin,
  type RedisServers,
} from './connection.ts';

const SLOTS = 16_384;
/** In bytes. 1000 servers with a replica each take 200 KB. */
const SLOTS_LIMIT = 1024 * 1024;
/** While slots move from server to server, a key is found after one or two. */
const MOST_REDIRECTIONS = 5;

/** The server that has the slots from one number to another. */
interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly server: Destination;
}

/** Asks the first server of the address that answers who has which slots. Rejects with the last failure if none does. */
export async function openCluster(
  { place }: Pick<RemoteAddress, 'place'>,
  login: RedisLogin,
  beat: Beat,
): Promise<RedisServers> {
  const connections = new Map<string, Promise<RedisConnection>>();
  const connectTo = async (server: Destination): Promise<RedisConnection> => {
    const name = `${server.host}:${server.port}`;
    const pending = connections.get(name);
    const known = pending && (await pending);
    if (known && !known.isGone) return known;
    if (connections.get(name) !== pending) return connectTo(server);
    const opening = connectRedis(server, login, beat);
    connections.set(name, opening);
    return opening;
  };
  const close = () => {
    for (const opening of connections.values())
      opening.then(
        (connection) => connection.close(),
        () => {},
      );
  };
  let ranges: readonly SlotRange[] | undefined;
  let failure: unknown;
  for (const server of place.split(',').map((one) => hostAndPort(one, REDIS_PORT))) {
    try {
      ranges ??= await readSlots(server, await connectTo(server));
    } catch (error) {
      failure = error;
    }
  }
  if (!ranges) {
    close();
    throw failure;
  }
  const moved = new Map<number, Destination>();
  const ownerOf = (slot: number) =>
    moved.get(slot) ?? ranges.find(({ first, last }) => first <= slot && slot <= last)?.server;

  return {
    async on(key, run) {
      const slot = new Command('get', [key]).getSlot();
      let server = ownerOf(slot);
      if (!server) throw new RefusedError('no server of the cluster has the slot of a key');
      let isAsked = false;
      for (let redirections = 0; ; redirections += 1) {
        const connection = await connectTo(server);
        try {
          if (isAsked) await connection.ask(0, (client) => client.asking());
          return await run(connection);
        } catch (error) {
          const redirection = redirectionIn(error, server);
          if (!redirection || redirections === MOST_REDIRECTIONS) throw error;
          server = redirection.server;
          isAsked = redirection.isForOnce;
          if (!isAsked) moved.set(slot, server);
        }
      }
    },
    isGone: false,
    close,
  };
}

/** `MOVED slot host:port`, or `ASK slot host:port` for one question while a slot moves. */
function redirectionIn(
  error: unknown,
  from: Destination,
): { readonly server: Destination; readonly isForOnce: boolean } | undefined {
  if (!(error instanceof RefusedError)) return undefined;
  const [, word, host, port] = /^(MOVED|ASK) \d+ (\S*):(\d{1,5})$/.exec(error.message) ?? [];
  if (word === undefined) return undefined;
  return { server: { host: host || from.host, port: Number(port) }, isForOnce: word === 'ASK' };
}

async function readSlots(from: Destination, connection: RedisConnection): Promise<readonly SlotRange[]> {
  const answer = await connection.ask(SLOTS_LIMIT, (client) => client.cluster('SLOTS'), 'list');
  if (!Array.isArray(answer)) throw new UnexpectedAnswerError('CLUSTER SLOTS was not answered with a list');
  return (answer as readonly unknown[]).map((range) => slotRange(range, from));
}

/** A server that does not know its own name gives none: it is the one that was asked. */
function slotRange(range: unknown, from: Destination): SlotRange {
  const [first, last, master] = Array.isArray(range) ? (range as readonly unknown[]) : [];
  const [host, port] = Array.isArray(master) ? (master as readonly unknown[]) : [];
  if (!isBelow(first, SLOTS) || !isBelow(last, SLOTS) || !isBelow(port, 65_536))
    throw new UnexpectedAnswerError('CLUSTER SLOTS was answered with something else');
  return {
    first,
    last,
    server: { host: typeof host === 'string' && host !== '' ? host : from.host, port },
  };
}

function isBelow(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit;
}
