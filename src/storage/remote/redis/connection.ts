import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AbstractConnector, Redis } from 'ioredis';
import type { RemoteAddress } from '../address.ts';
import { type Destination, dial, type SocketPath, secure } from '../dial.ts';
import { type Beat, RefusedError, UnexpectedAnswerError } from '../remote.ts';
import { CheckedStream } from './checked-stream.ts';
import type { ReplyKind } from './reply-frames.ts';

export const REDIS_PORT = 6379;

/** A connection to one server, which has accepted user and password. */
export interface RedisConnection {
  /**
   * The answer to a command, with a value of at most `bytes` bytes. Rejects with a `RefusedError` if the server answers
   * with an error, and with the cause if the connection ends.
   */
  ask(bytes: number, command: (client: Redis) => Promise<unknown>, kind?: ReplyKind): Promise<unknown>;
  /** True if the connection has ended. */
  readonly isGone: boolean;
  close(): void;
}

/** The servers of a store. */
export interface RedisServers {
  /** Runs commands about a key on the server that has it. */
  on<T>(key: string, run: (connection: RedisConnection) => Promise<T>): Promise<T>;
  readonly isGone: boolean;
  close(): void;
}

/** Who connects, and how. Without a database it is number 0. */
export interface RedisLogin extends Pick<RemoteAddress, 'user' | 'password' | 'connectTimeoutMs'> {
  readonly hasTls: boolean;
  readonly database?: string | undefined;
}

/** Connects, and sends user, password and the number of the database. Rejects if the server does not accept them. */
export async function connectRedis(
  place: Destination | SocketPath,
  login: RedisLogin,
  beat: Beat,
): Promise<RedisConnection> {
  const socket = await dial(place, login.connectTimeoutMs);
  beat();
  const isSecured = login.hasTls && 'host' in place;
  const stream = new CheckedStream(isSecured ? await secure(socket, place.host) : socket, beat);
  const client = new Redis({
    Connector: connectorOver(stream),
    lazyConnect: true,
    // Every server speaks this version, and it needs no greeting.
    protocol: 2,
    // The next call of the compiler tries again.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  // The cause is only reported here. The commands reject with "Connection is closed".
  let cause: Error | undefined;
  client.on('error', (error: Error) => {
    cause ??= error;
  });
  const connection: RedisConnection = {
    ask: (bytes, command, kind) =>
      stream
        .ask(bytes, () => command(client), kind)
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === 'ReplyError') throw new RefusedError(error.message);
          throw cause ?? error;
        }),
    get isGone() {
      return stream.destroyed;
    },
    close() {
      client.disconnect();
      stream.destroy();
    },
  };
  try {
    await client.connect();
    // The library would go on after a failure of these two: without a user, and in database 0.
    await authenticate(login, connection);
    const { database } = login;
    if (database !== undefined)
      mustBeOk('SELECT', await connection.ask(0, () => client.call('SELECT', database)));
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

/** Throws unless a server has answered OK. */
export function mustBeOk(command: string, answer: unknown): void {
  if (answer === 'OK') return;
  throw new UnexpectedAnswerError(
    `${command} was answered with ${answer === null ? 'nothing' : 'another word than OK'}`,
  );
}

async function authenticate({ user, password }: RedisLogin, connection: RedisConnection): Promise<void> {
  if (password === undefined && user === undefined) return;
  const words = user !== undefined && password !== undefined ? [user, password] : [password ?? user ?? ''];
  const asked = connection.ask(0, (client) => client.call('AUTH', ...words));
  const answer = await asked.catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    // The server needs no password.
    if (/without any password|no password is set/i.test(error.message)) return 'OK';
    // Only the first word, because servers repeat what they were sent.
    throw new RefusedError(`AUTH was answered with ${/^[A-Z]+/.exec(error.message)?.[0] ?? 'an error'}`);
  });
  mustBeOk('AUTH', answer);
}

/** The library's own connectors neither check incoming data nor know clcache's time limits. */
function connectorOver(connection: Duplex): new (options: unknown) => AbstractConnector {
  return class ConnectorOverStream extends AbstractConnector {
    constructor() {
      super(0);
    }

    override async connect(): Promise<Socket> {
      this.connecting = true;
      // Of a socket the library uses only the methods of a stream, `setNoDelay` and `setKeepAlive`.
      this.stream = connection as Socket;
      return this.stream;
    }
  };
}
