import type { Socket } from 'node:net';
import type { Destination } from '../dial.ts';

/** The longest answer of a proxy to CONNECT, in bytes. */
const LONGEST_ANSWER = 16 * 1024;

/** Connects to a server through a proxy (CONNECT). */
export async function openTunnel(
  socket: Socket,
  { host, port }: Destination,
  authorization: string | undefined,
): Promise<void> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const headers = [
    `Host: ${place}`,
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  socket.write(`CONNECT ${place} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  const head = await readHead(socket);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status?.startsWith('2')) return;
  socket.destroy();
  throw new Error(`the proxy answered with ${status ?? 'something that is not HTTP'}`);
}

/** Reads up to the first empty line. The server behind the proxy does not speak first, so nothing follows. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = '';
    const stop = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (head.includes('\r\n\r\n')) {
        socket.pause();
        socket.off('data', onData);
        resolve(head);
      } else if (head.length > LONGEST_ANSWER) stop(new Error('the proxy does not stop talking'));
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the proxy closed the connection')));
  });
}
