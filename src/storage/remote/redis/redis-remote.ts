import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AbstractConnector, Redis } from 'ioredis';
import { hostAndPort, type RemoteAddress } from '../address.ts';
import { dial, secure } from '../dial.ts';
import { type Beat, RefusedError, type Remote, type RemoteKey, UnexpectedAnswerError } from '../remote.ts';
import { DEFAULT_PREFIX } from '../url-options.ts';
import { CheckedStream } from './checked-stream.ts';

const DEFAULT_PORT = 6379;

/** `redis://[user:password@]host[:port][/database]`. `rediss://` means TLS, with the certificate verified. */
export async function openRedisRemote(address: RemoteAddress, beat: Beat): Promise<Remote> {
  const database = databaseOf(address);
  const stream = await openStream(address, beat);
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
  /** The answer to a command, with a value of at most `bytes` bytes. */
  const ask = (bytes: number, command: () => Promise<unknown>): Promise<unknown> =>
    stream.ask(bytes, command).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'ReplyError') throw new RefusedError(error.message);
      throw cause ?? error;
    });
  const keyOf = (key: RemoteKey) => `${address.options.prefix ?? DEFAULT_PREFIX}${key}`;
  try {
    await client.connect();
    // The library would go on after a failure of these two: without a user, and in database 0.
    await authenticate(address, (words) => ask(0, () => client.call('AUTH', ...words)));
    if (database !== undefined) mustBeOk('SELECT', await ask(0, () => client.call('SELECT', database)));
  } catch (error) {
    client.disconnect();
    stream.destroy();
    throw error;
  }

  return {
    async get(key, maximumSize) {
      const value = await ask(maximumSize, () => client.getBuffer(keyOf(key)));
      if (value === null) return undefined;
      if (value instanceof Uint8Array) return value;
      throw new UnexpectedAnswerError(`GET was answered with a ${typeof value}`);
    },
    async put(key, bytes) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const { ttlSeconds } = address;
      const set = () =>
        ttlSeconds > 0 ? client.set(keyOf(key), value, 'EX', ttlSeconds) : client.set(keyOf(key), value);
      mustBeOk('SET', await ask(0, set));
    },
    isGone: () => stream.destroyed,
    close: () => client.disconnect(),
  };
}

function databaseOf(address: RemoteAddress): string | undefined {
  if (address.path.length <= 1) return undefined;
  const database = /^\/(\d+)\/?$/.exec(address.path)?.[1];
  if (database === undefined) throw new Error('the text after the host is not the number of a database');
  return database;
}

async function openStream(address: RemoteAddress, beat: Beat): Promise<CheckedStream> {
  const { host, port } = hostAndPort(address.place, DEFAULT_PORT);
  const socket = await dial({ host, port }, address.connectTimeoutMs);
  beat();
  return new CheckedStream(address.scheme === 'rediss' ? await secure(socket, host) : socket, beat);
}

async function authenticate(
  { user, password }: RemoteAddress,
  ask: (words: readonly string[]) => Promise<unknown>,
): Promise<void> {
  if (password === undefined && user === undefined) return;
  const words = user !== undefined && password !== undefined ? [user, password] : [password ?? user ?? ''];
  const answer = await ask(words).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    // The server needs no password.
    if (/without any password|no password is set/i.test(error.message)) return 'OK';
    // Only the first word, because servers repeat what they were sent.
    throw new RefusedError(`AUTH was answered with ${/^[A-Z]+/.exec(error.message)?.[0] ?? 'an error'}`);
  });
  mustBeOk('AUTH', answer);
}

function mustBeOk(command: string, answer: unknown): void {
  if (answer === 'OK') return;
  throw new UnexpectedAnswerError(
    `${command} was answered with ${answer === null ? 'nothing' : 'another word than OK'}`,
  );
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
