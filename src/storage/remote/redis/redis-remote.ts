import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Redis } from 'ioredis';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import { ByteBudget } from '../byte-budget.ts';
import { RefusedError, type Remote, type RemoteKey } from '../remote.ts';

const DEFAULT_PORT = 6379;
const DEFAULT_PREFIX = 'clcache/';

/** `redis://[user:password@]host[:port][/database]`; `rediss://` for TLS, with the certificate verified. */
export async function openRedisRemote(address: RemoteAddress): Promise<Remote> {
  const budget = new ByteBudget();
  const database = /^\/(\d+)\/?$/.exec(address.path)?.[1];
  if (address.path.length > 1 && database === undefined) {
    throw new Error(`the path of ${address.url} is no number of a database`);
  }
  const client = new Redis({
    Connector: connectorFor(address, budget),
    ...(address.user !== undefined && { username: address.user }),
    ...(address.password !== undefined && { password: address.password }),
    db: Number(database ?? 0),
    lazyConnect: true,
    // Every server speaks it, and it needs no greeting.
    protocol: 2,
    // Ours is shorter, and one place decides.
    connectTimeout: 2 * address.connectTimeoutMs,
    // Trying again is what the next call of the compiler does.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  // What ends the connection is told here only; the commands reject with "Connection is closed".
  let cause: Error | undefined;
  client.on('error', (error: Error) => {
    cause ??= error;
  });
  const refused = (error: unknown): never => {
    if (error instanceof Error && error.name === 'ReplyError') throw new RefusedError(error.message);
    throw cause ?? error;
  };
  const keyOf = (key: RemoteKey) => `${address.options.prefix ?? DEFAULT_PREFIX}${key}`;
  await client.connect().catch(refused);

  return {
    async get(key, maximumSize) {
      const value = await budget.spend(maximumSize, () => client.getBuffer(keyOf(key))).catch(refused);
      return value ?? undefined;
    },
    async put(key, bytes) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const { ttlSeconds } = address;
      const set = () =>
        ttlSeconds > 0 ? client.set(keyOf(key), value, 'EX', ttlSeconds) : client.set(keyOf(key), value);
      await budget.spend(0, set).catch(refused);
    },
    close: () => client.disconnect(),
  };
}

/** The library's own connectors do not let one look at how much comes in. */
function connectorFor(
  address: RemoteAddress,
  budget: ByteBudget,
): new (
  options: unknown,
) => AbstractConnector {
  const { host, port } = hostAndPort(address.place, DEFAULT_PORT);
  // A server is named to itself by its name only; its certificate is checked against either.
  const secured = { host, port, ...(isIP(host) === 0 && { servername: host }) };
  return class BoundedConnector extends AbstractConnector {
    constructor() {
      super(0);
    }

    override async connect(): Promise<Socket> {
      this.connecting = true;
      const stream = address.scheme === 'rediss' ? connectTls(secured) : connect(port, host);
      stream.once('error', (error) => {
        this.firstError = error;
      });
      stream.once(address.scheme === 'rediss' ? 'secureConnect' : 'connect', () => budget.watch(stream));
      this.stream = stream;
      return stream;
    }
  };
}
