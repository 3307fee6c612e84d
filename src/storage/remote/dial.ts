/** Connections to servers, under one rule of how long may be waited for them. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { TimeoutError, within } from './time-limit.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/**
 * A TCP connection. Rejects when the name cannot be resolved, nobody listens, or there is none after so many
 * milliseconds; TLS, passwords and the first answer have the time that answers have.
 */
export async function dial({ host, port }: Destination, connectTimeoutMs: number): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await within(connectTimeoutMs, connected(socket, 'connect'), 'connecting');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof TimeoutError ? error : reasonOf(error);
  }
}

/** TLS over a connection, for a server that can prove to be `host`. */
export async function secure(socket: Socket, host: string): Promise<TLSSocket> {
  // A server is named to itself by its name only; its certificate is checked against either.
  const secured = connectTls({ socket, host, ...(isIP(host) === 0 && { servername: host }) });
  try {
    await connected(secured, 'secureConnect');
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
  });
}

/** A name with several addresses fails with an error that says nothing, and holds one for each. */
function reasonOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? (error.errors[0] ?? error) : error;
}
