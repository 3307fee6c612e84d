import type { Socket } from 'node:net';
import { AbstractConnector, Redis } from 'ioredis';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import { ByteBudget } from '../byte-budget.ts';
import { dial, secure } from '../dial.ts';
import { type Beat, RefusedError, type Remote, type RemoteKey, UnexpectedAnswerError } from '../remote.ts';
import { DEFAULT_PREFIX } from '../url-options.ts';

const DEFAULT_PORT = 6379;
/** `redis://[user:password@]host[:port][/database]`; `rediss://` for TLS, with the certificate verified. */
export async function openRedisRemote(address: RemoteAddress, beat: Beat): Promise<Remote> {
  const budget = new ByteBudget();
  const database = databaseOf(address);
  const client = new Redis({
    Connector: connectorFor(address, budget, beat),
    lazyConnect: true,
    // Every server speaks it, and it needs no greeting.
    protocol: 2,
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
    if (isReply(error)) throw new RefusedError(error.message);
    throw cause ?? error;
  };
  const keyOf = (key: RemoteKey) => `${address.options.prefix ?? DEFAULT_PREFIX}${key}`;
  try {
    await client.connect().catch(refused);
    // The library would go on with what these two did not do: as nobody, and in database 0.
    await authenticate(client, address);
    if (database !== undefined) mustBeOk('SELECT', await client.call('SELECT', database).catch(refused));
  } catch (error) {
    client.disconnect();
    throw error;
  }

  return {
    async get(key, maximumSize) {
      const value: unknown = await budget
        .spend(maximumSize, () => client.getBuffer(keyOf(key)))
        .catch(refused);
      if (value === null) return undefined;
      if (value instanceof Uint8Array) return value;
      throw new UnexpectedAnswerError(`GET was answered with ${kindOf(value)}`);
    },
    async put(key, bytes) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const { ttlSeconds } = address;
      const set = () =>
        ttlSeconds > 0 ? client.set(keyOf(key), value, 'EX', ttlSeconds) : client.set(keyOf(key), value);
      mustBeOk('SET', await budget.spend(0, set).catch(refused));
    },
    close: () => client.disconnect(),
  };
}

function databaseOf(address: RemoteAddress): string | undefined {
  if (address.path.length <= 1) return undefined;
  const database = /^\/(\d+)\/?$/.exec(address.path)?.[1];
  if (database === undefined) throw new Error('what follows the host is no number of a database');
  return database;
}

async function authenticate(client: Redis, { user, password }: RemoteAddress): Promise<void> {
  if (password === undefined && user === undefined) return;
  const words = user !== undefined && password !== undefined ? [user, password] : [password ?? user ?? ''];
  const answer: unknown = await client.call('AUTH', ...words).catch((error: unknown) => {
    if (!isReply(error)) throw error;
    // Anybody may use it.
    if (/without any password|no password is set/i.test(error.message)) return 'OK';
    // Only the first word: servers repeat what they were told.
    throw new RefusedError(`AUTH was answered with ${/^[A-Z]+/.exec(error.message)?.[0] ?? 'an error'}`);
  });
  mustBeOk('AUTH', answer);
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

function mustBeOk(command: string, answer: unknown): void {
  if (answer !== 'OK') throw new UnexpectedAnswerError(`${command} was answered with ${kindOf(answer)}`);
}

function kindOf(answer: unknown): string {
  if (answer === null) return 'nothing';
  return Array.isArray(answer) ? 'a list' : `a ${typeof answer} that is not expected`;
}

/** The library's own connectors look neither at how much comes in nor at how long a connection takes by itself. */
function connectorFor(
  address: RemoteAddress,
  budget: ByteBudget,
  beat: Beat,
): new (
  options: unknown,
) => AbstractConnector {
  const { host, port } = hostAndPort(address.place, DEFAULT_PORT);
  return class BoundedConnector extends AbstractConnector {
    constructor() {
      super(0);
    }

    override async connect(): Promise<Socket> {
      this.connecting = true;
      const socket = await dial({ host, port }, address.connectTimeoutMs);
      beat();
      const stream = address.scheme === 'rediss' ? await secure(socket, host) : socket;
      budget.watch(stream, beat);
      this.stream = stream;
      return stream;
    }
  };
}
