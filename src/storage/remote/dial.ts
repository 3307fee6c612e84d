/** Connects to servers, with one rule for how long to wait. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { TimeoutError, within } from '../../util/time-limit.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** A Unix socket, by its path. */
export interface SocketPath {
  readonly path: string;
}

/**
 * A connection by TCP, or to a Unix socket. Rejects if the name cannot be resolved, nobody listens, or no connection is made within
 * `connectTimeoutMs` milliseconds. TLS, passwords and the first answer have the time limit of answers.
 */
export async function dial(place: Destination | SocketPath, connectTimeoutMs: number): Promise<Socket> {
  const socket = connect({ ...place });
  try {
    await within(connectTimeoutMs, connected(socket, 'connect'), 'connecting');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof TimeoutError ? error : reasonOf(error);
  }
}

/** TLS over a connection. The server must prove that it is `host`. */
export async function secure(socket: Socket, host: string): Promise<TLSSocket> {
  // The name of the server may not be an address in TLS. The certificate is checked against names and addresses.
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

/** If a name has several addresses, the error has no message, but one error for each address. */
function reasonOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? (error.errors[0] ?? error) : error;
}
