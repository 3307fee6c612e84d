import type { Socket } from 'node:net';
import memjs, { type Server } from 'memjs';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import { ByteBudget } from '../byte-budget.ts';
import { RefusedError, type Remote, type RemoteKey } from '../remote.ts';
import { TimeoutError } from '../time-limit.ts';
import { getInParts, putInParts } from './parts.ts';

const DEFAULT_PORT = 11_211;
const DEFAULT_PREFIX = 'clcache/';
/** memcached takes a longer time for a date. In seconds. */
const LONGEST_TTL = 30 * 24 * 60 * 60;

/** What the typings leave out of a server of memjs. */
interface ServerParts extends Server {
  _socket?: Socket;
}

/** `memcached://[user:password@]host[:port][,host[:port]…]`: several servers share the keys. */
export function openMemcachedRemote(address: RemoteAddress): Remote {
  const { user = '', password = '' } = address;
  const budget = new ByteBudget();
  const options = {
    username: user,
    password,
    // Ours is shorter, and one place decides.
    timeout: (2 * address.timeoutMs) / 1000,
    conntimeout: address.connectTimeoutMs / 1000,
    // Trying again is what the next call of the compiler does.
    retries: 0,
    // It would write to stdout, which build tools parse.
    logger: { log: () => {} },
  };
  const servers = address.place.split(',').map((place) => {
    const { host, port } = hostAndPort(place, DEFAULT_PORT);
    return watched(new memjs.Server(host, port, user, password, options), budget);
  });
  const client = new memjs.Client(servers, options);
  const keyOf = (key: RemoteKey) => `${address.options.prefix ?? DEFAULT_PREFIX}${key}`;
  const expires = expiration(address.ttlSeconds);
  const values = {
    async get(key: string, maximumSize: number) {
      const { value } = await budget.spend(maximumSize, () => client.get(key)).catch(refused);
      return value ?? undefined;
    },
    async set(key: string, bytes: Uint8Array) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      await budget.spend(0, () => client.set(key, value, { expires })).catch(refused);
    },
  };

  return {
    get: (key, maximumSize) => getInParts(values, keyOf(key), maximumSize),
    put: (key, bytes) => putInParts(values, keyOf(key), bytes),
    close: () => client.close(),
  };
}

/** The library waits on when a server hangs up, and takes as much as one sends. */
function watched(server: Server, budget: ByteBudget): Server {
  const parts = server as ServerParts;
  const sock = parts.sock.bind(parts);
  parts.sock = (isLogin, go) => {
    const before = parts._socket;
    sock(isLogin, go);
    const socket = parts._socket;
    if (socket === undefined || socket === before) return;
    budget.watch(socket);
    socket.once('close', () => parts.error(new Error('the server closed the connection')));
  };
  return server;
}

/** What the server answered, as opposed to an error of the connection. */
function refused(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('MemJS ')) throw new RefusedError(message.slice('MemJS '.length));
  if (message.startsWith('socket timed out')) throw new TimeoutError(message);
  throw error instanceof Error ? error : new Error(message);
}

function expiration(ttlSeconds: number): number {
  return ttlSeconds > LONGEST_TTL ? Math.ceil(Date.now() / 1000) + ttlSeconds : ttlSeconds;
}
